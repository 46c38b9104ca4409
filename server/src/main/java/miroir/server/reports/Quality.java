package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.KeptReports;
import miroir.index.store.KeptReports.Kept;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.server.pipeline.AgeOfCopies;
import miroir.server.pipeline.Exchange;

/**
 * The reports on quality that are kept, for those who may see all that they are made from.
 *
 * @param isMade whether they are, here
 */
record Quality(ReportParts parts, boolean isMade) {
    /** A report, and by which name its lists go. */
    record Numbered(String id, QualityReport report) {}

    /** The newest ones, the newest first. */
    List<Numbered> newest(Exchange exchange, int most) {
        requireAllowed(exchange);
        List<Numbered> newest = new ArrayList<>();
        for (Kept kept : reports().newest(QualityReport.KIND, most)) {
            newest.add(new Numbered(kept.id(), QualityReport.of(kept.content())));
        }
        if (newest.isEmpty() && !isMade) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "there are no reports on quality here: reports.quality is never in the configuration");
        }
        return newest;
    }

    /** The newest one. */
    Numbered newest(Exchange exchange) {
        return newest(exchange, 1).stream()
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_READY,
                        "there is no report yet: the first one is made once the directory is copied whole"));
    }

    /** Returns if whoever asks still sees all that is looked at. */
    void requireAllowed(Exchange exchange) {
        exchange.requireStillAllowed();
        Set<String> hidden = Checks.types(parts.fhir().types());
        hidden.removeIf(type -> exchange.caller().seen().of(type).isAll());
        if (!hidden.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.RIGHT_MISSING,
                    "this report is about all of the directory, and \"" + exchange.consumer() + "\" sees not all of "
                            + String.join(", ", hidden));
        }
    }

    private KeptReports reports() {
        return parts.fhir().store().reports();
    }

    /** Some rows of the list of a check. */
    List<List<String>> rows(Numbered report, Check check, long after, int most) {
        return reports().rows(report.id(), check.code(), after, most);
    }

    /** By what these are known who ask, as far as they are there; read in turn, and nothing of it stays. */
    Map<String, Known> named(Exchange exchange, String type, List<String> ids) {
        Deadline deadline = parts.deadline();
        ResourceStore store = parts.store();
        Caller caller = exchange.caller();
        return new Asking.ByRequest(parts, exchange)
                .inTurn(
                        store,
                        type,
                        ids.size(),
                        deadline,
                        held -> NameResources.ofType(type, new TreeSet<>(ids), store, caller, deadline));
    }

    /** What somebody sees of what is looked at. */
    Elsewhere elsewhere(Caller caller) {
        SearchInForce taken = parts.inForce();
        return new Elsewhere(
                parts.store(taken),
                taken.made().registry(),
                parts.configuration().search().sameSystems(),
                caller);
    }

    /** Says how old what it tells is: not older than the oldest copy that it saw. */
    static void tellAge(QualityReport report, HttpServletResponse response) {
        report.copied().values().stream()
                .min(Comparator.naturalOrder())
                .map(Instant::toString)
                .ifPresent(asOf -> response.setHeader(AgeOfCopies.HEADER, asOf));
    }
}
