package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Language;
import miroir.server.pages.Words;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code /reports/changes.csv} and {@code .ndjson}: every version that was made in a time and what it changed, newest first.
 *
 * <p>They end at an instant up to which the store has settled, which a header tells: who asks from there on the next time misses nothing.
 */
record ChangeRows(ReportParts parts, Rows.Form form) implements Report {
    static final List<String> COLUMNS =
            List.of("instant", "type", "id", "version", "kinds", "identifier", "name", "before", "after", "remark");

    private static final String UNTIL = "Miroir-Until";
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final String BETWEEN = " / ";

    private static final Words NOT_KEPT = new Words(
            "la version précédente n’est pas conservée ou pas visible : on ne peut pas dire ce qui a changé",
            "the version before is not kept or not yours to see: it cannot be said what changed");
    private static final Words ERASED =
            new Words("tout le contenu a été effacé définitivement", "all content was removed for ever");
    private static final Words DELETED = new Words("supprimé", "deleted");

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        Set<String> served = parts.served(DirectoryResource.TYPES);
        ChangesQuestion question =
                ChangesQuestion.of(Given.of(exchange, ChangesQuestion.PARAMETERS), served, parts.zone(), Instant.now());
        Language language = Language.of(exchange);
        Instant settled = parts.store().settled(exchange.caller(), PATIENCE, parts.deadline());
        Instant until = question.until().isAfter(settled) ? settled : question.until();
        response.setHeader(UNTIL, until.toString());
        try {
            Rows.send("miroir-changes", COLUMNS, form, exchange, response, rows -> {
                new WalkChanges(parts, new Asking.ByRequest(parts, exchange))
                        .run(
                                question.types(),
                                question.since(),
                                until,
                                parts::deadline,
                                (page, store, caller, deadline) ->
                                        cells(page, question.kinds(), language, store, caller, deadline),
                                made -> {
                                    for (@Nullable String[] row : made) {
                                        rows.addRow(row);
                                    }
                                });
            });
        } catch (RuntimeException failure) {
            // Who asks the next time would miss what was not told.
            response.setHeader(UNTIL, null);
            throw failure;
        }
    }

    private static List<@Nullable String[]> cells(
            List<Change> page,
            Set<ChangeKind> kinds,
            Language language,
            ResourceStore store,
            Caller caller,
            Deadline deadline) {
        List<Change> asked = page.stream()
                .filter(change -> change.kinds().stream().anyMatch(kinds::contains))
                .toList();
        Map<String, Known> named =
                NameResources.of(asked.stream().flatMap(ChangeRows::references), store, caller, deadline);
        List<@Nullable String[]> rows = new ArrayList<>(asked.size());
        asked.forEach(change -> rows.add(row(change, named, language)));
        return rows;
    }

    private static Stream<String> references(Change change) {
        return Stream.of(change.before().stream(), change.after().stream(), Stream.ofNullable(change.person()))
                .flatMap(some -> some);
    }

    private static @Nullable String[] row(Change change, Map<String, Known> named, Language language) {
        return new @Nullable String[] {
            change.at().toString(),
            change.key().type(),
            change.key().id(),
            Long.toString(change.version()),
            change.kinds().stream().map(ChangeKind::name).collect(Collectors.joining(",")),
            change.about().identifier(),
            name(change, named),
            text(change.before(), named),
            text(change.after(), named),
            remark(change, language)
        };
    }

    /** A role has no name but that of whose it is. */
    private static @Nullable String name(Change change, Map<String, Known> named) {
        String own = change.about().name();
        String person = change.person();
        if (own != null || person == null) {
            return own;
        }
        Known known = named.get(person);
        String name = known == null ? null : known.name();
        return name == null ? person : name;
    }

    private static @Nullable String text(List<String> pieces, Map<String, Known> named) {
        return pieces.isEmpty()
                ? null
                : pieces.stream().map(piece -> text(piece, named)).collect(Collectors.joining(BETWEEN));
    }

    private static String text(String piece, Map<String, Known> named) {
        Known known = named.get(piece);
        return known == null || known.name() == null ? piece : known.name() + " (" + piece + ")";
    }

    private static @Nullable String remark(Change change, Language language) {
        List<String> remarks = new ArrayList<>();
        if (change.kinds().contains(ChangeKind.ERASED)) {
            remarks.add(ERASED.in(language));
        } else if (change.deletion()) {
            remarks.add(DELETED.in(language));
        }
        if (change.kinds().contains(ChangeKind.UNKNOWN)) {
            remarks.add(NOT_KEPT.in(language));
        }
        return remarks.isEmpty() ? null : String.join("; ", remarks);
    }
}
