"""The demo's post: what goes out leaves, the customer answers some of it, and a few of its files are wrong."""

from datetime import timedelta

from milkrun import edi
from milkrun.demo.company import EDI_CUSTOMER
from milkrun.demo.files import FIRST_REFERENCE, by_quantity, envelope, send
from milkrun.demo.story import Story
from milkrun.exchange.queries import OutboxRow, outbox, outbox_bytes
from milkrun.gateway.mail import keep_mail
from milkrun.gateway.send import send_due

ANSWERED = {"DESADV", "INVOIC"}


def post_and_receive(story: Story) -> None:
    """Send what waits, take the customer's answers in, and let wrong files arrive; the last answers wait."""
    send_due(home=story.home, **story.by("worker"))
    keep_mail(home=story.home, **story.by("worker"))
    for row in _sent(story)[:3]:
        _answer(story, row)
    _wrong_files(story)


def _sent(story: Story) -> list[OutboxRow]:
    rows = outbox("UTC", only="sent", limit=200).rows
    return [row for row in reversed(rows) if row.partner == EDI_CUSTOMER and row.document_type in ANSWERED]


def _answer(story: Story, row: OutboxRow) -> None:
    _, ours = outbox_bytes(row.public_id)
    story.files += 1
    answer = edi.write_contrl(edi.read(ours).interchanges[0], envelope(FIRST_REFERENCE + story.files, story.now))
    send(story, answer, f"CONTRL_{row.control}.edi")


def _wrong_files(story: Story) -> None:
    """One for another recipient, one with a reference that was used, one that is cut off."""
    required = story.today + timedelta(hours=30)
    foreign = by_quantity("DON4690", {"5N0 881 121 A": 12}, required=required, at=story.now)
    send(story, foreign, "DON4690.edi", recipient=edi.Party("SUPP99", "ZZ"))
    used = by_quantity("DON4691", {"5N0 881 121 A": 12}, required=required, at=story.now)
    again = edi.write_call(used, envelope(FIRST_REFERENCE + 1, story.now))
    send(story, again, "DON4691.edi")
    story.files += 1
    cut = edi.write_call(used, envelope(FIRST_REFERENCE + story.files, story.now))
    send(story, cut[: len(cut) // 2], "DON4692.edi")
