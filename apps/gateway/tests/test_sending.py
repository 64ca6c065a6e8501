"""One POST to a stranger's address: where it may lead, how long it may take, what is kept of the answer."""

# ruff: noqa: S104 (0.0.0.0 is refused here, not listened on)

import ipaddress
import socket
import threading
import time

import pytest

from apps.gateway import sending, signing
from apps.gateway.tests.receiver import receiver


def post(url, **options):
    return sending.post(url, body=b"{}", headers={}, **{"allow_private": True, **options})


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "::1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "0.0.0.0",
            "169.254.169.254",
            "fe80::1",
            "224.0.0.1",
            "240.0.0.1",
            "fec0::1",
            "192.0.0.9",
            "192.88.99.1",
            "3fff::1",
        ],
    )
    def test_nothing_private_is_sent_to(self, address):
        assert not sending.allowed(ipaddress.ip_address(address), allow_private=False)

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "100.64.0.1", "fd00::1"])
    def test_one_s_own_network_is_when_that_is_wanted(self, address):
        assert sending.allowed(ipaddress.ip_address(address), allow_private=True)

    @pytest.mark.parametrize(
        "address",
        [
            "169.254.169.254",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "224.0.0.1",
            "0.0.0.0",
            "::",
            "240.0.0.1",
        ],
    )
    def test_metadata_and_multicast_never_are(self, address):
        assert not sending.allowed(ipaddress.ip_address(address), allow_private=True)

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
    def test_the_rest_of_the_world_is(self, address):
        assert sending.allowed(ipaddress.ip_address(address), allow_private=False)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "example.org",
            "ftp://example.org/",
            "http:///x",
            "http://user:secret@example.org/",
            "http://a b/",
            "http://example.org:22/",
            "http://example.org:99999/",
            "http://ex\\@ample.org/",
            "javascript:alert(1)",
            "http://example.org/\r\nX-Evil: 1",
            "http://exämple.org/",
            "http://[::1/",
            "https://x/" + "a" * 2000,
        ],
    )
    def test_what_is_no_plain_web_address_is_refused(self, url):
        with pytest.raises(sending.UnableToUseAddress) as refused:
            sending.target_of(url)

        assert refused.value.reason
        assert refused.value.remedy

    @pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "localhost", "[::ffff:7f00:1]"])
    def test_every_way_to_write_loopback_is_refused(self, host):
        with pytest.raises(sending.UnableToUseAddress) as refused:
            post(f"http://{host}:8000/", allow_private=False)

        assert refused.value.code in ("private_address", "unknown_host")

    def test_one_private_address_among_public_ones_is_enough(self):
        with pytest.raises(sending.UnableToUseAddress):
            sending.addresses_of(
                sending.target_of("https://two-faced.example/"),
                allow_private=False,
                resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"],
            )


class TestPosting:
    def test_connects_to_the_address_that_was_judged_and_asks_for_the_host(self):
        asked = []

        def resolve(host, port):
            asked.append(host)
            return ["127.0.0.1"]

        with receiver() as there:
            url = there.url.replace("127.0.0.1", "hooks.example")
            answer = post(url, resolve=resolve)

        assert (answer.code, answer.body) == (200, "ok")
        assert asked == ["hooks.example"]  # once: a name cannot change its mind in between
        assert there.got[0][0]["host"].startswith("hooks.example:")

    def test_does_not_follow_a_redirect(self):
        with receiver() as there, receiver() as elsewhere:
            there.answers = [(302, {"Location": elsewhere.url}, b"")]
            answer = post(there.url)

        assert answer.code == 302
        assert elsewhere.got == []

    def test_keeps_the_beginning_of_an_answer_as_text(self):
        with receiver() as there:
            there.answers = [(500, {"Retry-After": "30"}, b"\x00\xff<b>" + b"x" * 100_000)]
            answer = post(there.url)

        assert len(answer.body) == sending.KEPT_BYTES
        assert answer.body.startswith("\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}<b>")
        assert answer.retry_after == 30

    @pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\nX: ", b""])
    def test_a_receiver_that_drips_is_cut_off_at_the_deadline(self, drip):
        def serve(listener):
            line, _ = listener.accept()
            with line:
                try:
                    line.sendall(drip)
                    for _ in range(60):
                        time.sleep(0.05)
                        if drip:
                            line.sendall(b"a")
                except OSError:
                    return

        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=serve, args=(listener,), daemon=True).start()
            began = time.monotonic()
            with pytest.raises(sending.UnableToSend, match=r"within 0\.4 s"):
                post(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.4)

        assert time.monotonic() - began < 1.5

    def test_says_when_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]

        with pytest.raises(sending.UnableToSend, match="refused"):
            post(f"http://127.0.0.1:{port}/")

    def test_speaks_to_nobody_whose_certificate_is_another_s(self):
        with receiver() as there, pytest.raises(sending.UnableToSend):
            post(there.url.replace("http:", "https:"))


class TestSignatures:
    def test_are_those_of_the_specification_s_own_tools(self):
        # the vector of the reference libraries (github.com/standard-webhooks/standard-webhooks)
        made = signing.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )

        assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
