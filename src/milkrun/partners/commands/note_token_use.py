"""Note when a token was last used, so that forgotten ones can be found and revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from milkrun.kernel.command import command
from milkrun.partners.models import ApiToken

# A busy machine asks many times a second; one write a minute tells enough.
EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenUseNoted:
    """`noted` is false where the last note is fresh enough."""

    noted: bool


@command
def note_token_use(*, token_id: int, at: datetime) -> TokenUseNoted:
    """Write the time of use, at most once a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - EVERY)

    changed = ApiToken.objects.filter(stale, pk=token_id).update(last_used_at=at)

    return TokenUseNoted(bool(changed))
