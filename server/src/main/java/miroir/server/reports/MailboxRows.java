package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import miroir.server.directory.Mailbox;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/** {@code /reports/mailboxes.csv} and {@code .ndjson}: a row for each mailbox of each owner. */
record MailboxRows(ReportParts parts, Rows.Form form) implements Report {
    static final List<String> COLUMNS = List.of(
            "mailbox",
            "kind",
            "ownerType",
            "ownerId",
            "ownerName",
            "identifier",
            "person",
            "rpps",
            "place",
            "finess",
            "description",
            "service",
            "digitization");

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        MailboxQuestion question = MailboxQuestion.of(Given.of(exchange, MailboxQuestion.PARAMETERS));
        Rows.send("miroir-mailboxes", COLUMNS, form, exchange, response, rows -> {
            new WalkMailboxes(parts, new Asking.ByRequest(parts, exchange)).run(question, some -> {
                for (OwnedMailbox each : some) {
                    rows.addRow(cells(each));
                }
                return true;
            });
        });
    }

    private static @Nullable String[] cells(OwnedMailbox owned) {
        Mailbox mailbox = owned.mailbox();
        return new @Nullable String[] {
            mailbox.address(),
            mailbox.kind(),
            owned.owner().type(),
            owned.owner().id(),
            owned.ownerName(),
            owned.own().identifier(),
            owned.personName(),
            owned.personIdentifier(),
            owned.placeName(),
            owned.placeIdentifier(),
            mailbox.description(),
            mailbox.service(),
            mailbox.digitization()
        };
    }
}
