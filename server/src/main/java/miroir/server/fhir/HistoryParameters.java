package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.search.ShapeParameters;
import miroir.index.store.HistoryQuery.During;
import miroir.index.value.DateInterval;
import miroir.server.configuration.SearchConfiguration;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a history. */
final class HistoryParameters {
    static final String SORT = "_sort";
    private static final String NEWEST_FIRST = "-_lastUpdated";

    /** In the order of commits. */
    static final String OLDEST_FIRST = "_lastUpdated";

    private static final List<String> ALLOWED = List.of(
            "_count",
            "_since",
            "_at",
            "_summary",
            "_elements",
            SORT + "=" + NEWEST_FIRST,
            SORT + "=" + OLDEST_FIRST + " of types");

    private final ZoneId zone;
    private final SearchConfiguration settings;
    private final Set<String> seen = new HashSet<>();
    private final List<QueryParameter> applied = new ArrayList<>();
    private int count;
    private @Nullable Instant since;
    private @Nullable During at;

    private HistoryParameters(ZoneId zone, SearchConfiguration settings) {
        this.zone = zone;
        this.settings = settings;
        this.count = settings.defaultCount();
    }

    /** What they ask for; {@code applied} is for the link to the page itself. */
    record Asked(@Nullable Instant since, @Nullable During at, int count, List<QueryParameter> applied) {
        /** Those of them that say which parts of resources are shown. */
        List<QueryParameter> parts() {
            return applied.stream()
                    .filter(parameter -> ShapeParameters.NAMES.contains(parameter.name()))
                    .toList();
        }

        /** Whether what was committed first comes first. */
        boolean oldestFirst() {
            return applied.contains(new QueryParameter(SORT, OLDEST_FIRST));
        }
    }

    /**
     * Reads them all, or refuses.
     *
     * @param zone of dates that have none
     */
    static Asked read(List<QueryParameter> query, ZoneId zone, SearchConfiguration settings) {
        HistoryParameters parameters = new HistoryParameters(zone, settings);
        query.forEach(parameters::read);
        parameters.check();
        return new Asked(parameters.since, parameters.at, parameters.count, List.copyOf(parameters.applied));
    }

    private void read(QueryParameter given) {
        String name = given.name();
        String value = given.value();
        if (!seen.add(name)) {
            throw invalid(name + " is given twice; allowed is once");
        }
        switch (name) {
            case "_count" -> count = count(value);
            case "_since" -> since = Instant.ofEpochMilli(interval(given).start());
            case "_at" -> at = during(interval(given));
            case SORT -> checkSort(value);
            case "_summary", "_elements" -> {
                // Their values are read with those of all interactions.
            }
            case "_list" ->
                throw new Refusal(Refusal.Reason.NOT_SUPPORTED, name + " is not supported by this server in a history");
            default ->
                throw invalid("the parameter \"" + Refusal.shown(name) + "\" means nothing in a history; allowed: "
                        + String.join(", ", ALLOWED) + ", "
                        + String.join(", ", FhirRequest.FOR_EVERY_INTERACTION));
        }
        applied.add(name.equals("_count") ? new QueryParameter(name, Integer.toString(count)) : given);
    }

    private void check() {
        if (at != null && applied.contains(new QueryParameter(SORT, OLDEST_FIRST))) {
            throw invalid("_at and " + SORT + "=" + OLDEST_FIRST
                    + " do not go together: what follows an instant is asked for by" + " _since");
        }
    }

    private int count(String value) {
        if (!value.matches("\\d{1,18}") || Long.parseLong(value) == 0) {
            throw invalid("_count=" + Refusal.shown(value) + " is not a number of versions; allowed are 1 to "
                    + settings.maximumCount());
        }
        return (int) Math.min(Long.parseLong(value), settings.maximumCount());
    }

    private DateInterval interval(QueryParameter given) {
        try {
            return DateInterval.parse(given.value(), zone);
        } catch (Refusal notADate) {
            throw invalid(given.name() + ": " + notADate.getMessage());
        }
    }

    private static During during(DateInterval interval) {
        return new During(Instant.ofEpochMilli(interval.start()), Instant.ofEpochMilli(interval.end() + 1));
    }

    private static void checkSort(String value) {
        if (!value.equals(NEWEST_FIRST) && !value.equals(OLDEST_FIRST)) {
            throw invalid("_sort=" + Refusal.shown(value) + " is not offered in a history; allowed: " + NEWEST_FIRST
                    + " and, of types, " + OLDEST_FIRST);
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
