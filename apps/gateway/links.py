"""Signed links to local media. Object stores sign their own and never come by here."""

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.foundation.blobs import LINK_SALT, LINK_SECONDS
from apps.gateway.media import UnableToFindBlob, serve


@csrf_exempt  # it changes nothing; without this a POST is refused with the wrong reason
@require_safe
def blob(request: HttpRequest, token: str) -> HttpResponseBase:
    """What a signed link shows: 403 where it has expired, 404 where it was never given out."""
    try:
        key = TimestampSigner(salt=LINK_SALT).unsign_object(token, max_age=LINK_SECONDS)
        return serve(request, key)
    except SignatureExpired:
        return HttpResponse("This link has expired. Open the job again for a new one.", status=403)
    except (BadSignature, UnableToFindBlob, ValueError):
        return HttpResponse("There is nothing here.", status=404)
