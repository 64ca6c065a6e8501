"""How a provider fails. What providers do is their service's business."""


class ProviderUnavailable(Exception):
    """The provider did not answer, or asked to be called later. Trying again may help."""


class UnableToProvide(Exception):
    """The provider cannot do this, and trying the same again will not help; the message says what to do."""
