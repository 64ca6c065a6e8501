"""How much two pictures are the same to the eye, and where in one the eye goes. Arrays in, numbers out."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from apps.contracts.decision import Box

#: Pixels a picture is reduced to before its DCT, and the low frequencies of it that are kept.
HASHED, KEPT = 32, 8
#: Bits of a hash: how far apart two of them can be.
BITS = KEPT * KEPT
#: Sides of SSIM's window and its constants for 8 bits (Wang et al. 2004).
SSIM_WINDOW, SSIM_1, SSIM_2 = 7, (0.01 * 255) ** 2, (0.03 * 255) ** 2
#: Size that saliency is looked for at, (width, height) pixels, and how far its map is smoothed
#: (Hou and Zhang 2007: 64 pixels).
SALIENCY_SIZE, SALIENCY_BLUR = (54, 96), 2.5


def perceptual_hash(luma: NDArray[np.uint8]) -> str:
    """64-bit DCT hash of a luma picture, 16 hex digits: like pictures differ in few bits."""
    small = cv2.resize(luma, (HASHED, HASHED), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = np.asarray(cv2.dct(small))[:KEPT, :KEPT].reshape(-1)
    bits = low > np.median(low[1:])  # the first is the brightness alone
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def bits_apart(one: str, other: str) -> int:
    """Hamming distance of two hashes: at most 10 of 64 is the same scene (field guide 2.1)."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def nearest(look: str, others: Iterable[str]) -> int:
    """The smallest distance of a hash to any of `others`; BITS where there is none."""
    return min((bits_apart(look, other) for other in others), default=BITS)


def ssim(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean structural similarity of two luma pictures, 1 for equal ones; from .85 on they match."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    mean_a, mean_b = _mean(a), _mean(b)
    var_a, var_b = _mean(a * a) - mean_a**2, _mean(b * b) - mean_b**2
    shared = _mean(a * b) - mean_a * mean_b
    alike = (2 * mean_a * mean_b + SSIM_1) * (2 * shared + SSIM_2)
    apart = (mean_a**2 + mean_b**2 + SSIM_1) * (var_a + var_b + SSIM_2)
    return float((alike / apart).mean())


def salient_share(luma: NDArray[np.uint8], box: Box, *, frame: tuple[int, int]) -> float:
    """Share of the picture's saliency (spectral residual, Hou and Zhang 2007) that lies in `box`, 0-1.

    `box` is in pixels of a frame of (width, height) `frame`.
    """
    seen = _spectral_residual(luma)
    across, down = SALIENCY_SIZE[0] / frame[0], SALIENCY_SIZE[1] / frame[1]
    rows = slice(round(box.top * down), round(box.bottom * down))
    columns = slice(round(box.left * across), round(box.right * across))
    return float(seen[rows, columns].sum() / max(float(seen.sum()), 1e-12))


def _spectral_residual(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    small = cv2.resize(luma, SALIENCY_SIZE, interpolation=cv2.INTER_AREA).astype(np.float64)
    spectrum = np.fft.fft2(small)
    log = np.log(np.abs(spectrum) + 1e-9)
    residual = log - cv2.blur(log, (3, 3))
    seen = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), SALIENCY_BLUR), np.float64)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.blur(values, (SSIM_WINDOW, SSIM_WINDOW)), np.float64)
