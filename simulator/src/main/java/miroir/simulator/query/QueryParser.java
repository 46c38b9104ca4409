package miroir.simulator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import miroir.simulator.Kind;
import miroir.simulator.life.Span;
import miroir.simulator.life.Standing;

/** Understands a search as the real directory does: what it does not know it refuses, but for modifiers. */
final class QueryParser {
    private static final int DEFAULT_COUNT = 50;

    private final Kind kind;
    private final String text;
    private final List<String> ids = new ArrayList<>();
    private final List<Predicate<Standing>> quick = new ArrayList<>();
    private final List<Criterion> criteria = new ArrayList<>();
    private final Set<String> elements = new LinkedHashSet<>();
    private final List<Inclusion> includes = new ArrayList<>();
    private final List<Inclusion> revincludes = new ArrayList<>();
    private Span span = Span.ALWAYS;
    private int count = DEFAULT_COUNT;
    private Query.Total total = Query.Total.UNSAID;

    private QueryParser(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    /** @param text name=value, with {@code &} between, percent-encoded */
    static Query parse(Kind kind, String text) {
        QueryParser parser = new QueryParser(kind, text);
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                parser.add(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        decoded(equals < 0 ? "" : pair.substring(equals + 1)));
            }
        }
        return parser.query();
    }

    private Query query() {
        return new Query(kind, text, span, ids, quick, criteria, count, total, elements, includes, revincludes);
    }

    private void add(String name, String value) {
        int colon = name.indexOf(':');
        String base = colon < 0 ? name : name.substring(0, colon);
        String modifier = colon < 0 ? "" : name.substring(colon + 1);
        switch (base) {
            case "_format", "_pretty" -> {}
            case "_count" -> count = count(value);
            case "_total" -> total = total(value);
            case "_elements" -> elements.addAll(List.of(value.split(",", -1)));
            case "_include" -> includes.addAll(includes(value));
            case "_revinclude" -> revincludes.add(revinclude(value));
            case "_lastUpdated" -> updated(value);
            case "_id" -> ids.addAll(List.of(value.split(",", -1)));
            default -> criterion(base, modifier, value);
        }
    }

    private static int count(String value) {
        if (!value.matches("[0-9]{1,8}")) {
            throw new SearchRefused(
                    "The _count parameter must be in the FHIR format with an integer value : \"_count=30\"");
        }
        return Integer.parseInt(value);
    }

    private static Query.Total total(String value) {
        return switch (value) {
            case "none" -> Query.Total.NONE;
            case "estimate", "accurate" -> Query.Total.ACCURATE;
            default -> throw new SearchRefused("The _total parameter must be one of none, estimate, accurate");
        };
    }

    private void updated(String value) {
        List<DateValue> values =
                Stream.of(value.split(",", -1)).map(DateValue::parse).toList();
        DateValue only = values.get(0);
        if (values.size() == 1 && !only.isExclusion()) {
            span = span.and(only.span());
        } else {
            quick.add(standing -> values.stream()
                    .anyMatch(date -> date.isExclusion() != date.span().contains(standing.updated())));
        }
    }

    private void criterion(String name, String modifier, String value) {
        Parameter parameter = Parameters.find(kind, name).orElseThrow(() -> unknown(name));
        List<String> values = List.of(value.split(",", -1));
        Criterion criterion = new Criterion(parameter, modifier, values);
        Optional<Predicate<Standing>> activity = activity(criterion);
        activity.ifPresentOrElse(quick::add, () -> criteria.add(criterion));
    }

    /** The one filter of the recommended full load is decided without making up the content. */
    private static Optional<Predicate<Standing>> activity(Criterion criterion) {
        if (!criterion.modifier().isEmpty() || criterion.values().size() != 1) {
            return Optional.empty();
        }
        return switch (criterion.parameter().name() + "=" + criterion.values().get(0)) {
            case "active=true", "status=active" -> Optional.of(Standing::active);
            case "active=false", "status=inactive" -> Optional.of(standing -> !standing.active());
            default -> Optional.empty();
        };
    }

    private List<Inclusion> includes(String value) {
        if (value.equals("*")) {
            return Parameters.references(kind).stream()
                    .map(name -> inclusion(kind, name, "_include"))
                    .toList();
        }
        String[] parts = value.split(":", -1);
        if (parts.length != 2 || !parts[0].equals(kind.type())) {
            throw unknown("_include=" + value);
        }
        return List.of(inclusion(kind, parts[1], "_include"));
    }

    private Inclusion revinclude(String value) {
        String[] parts = value.split(":", -1);
        Inclusion inclusion = Stream.of(Kind.values())
                .filter(from -> parts.length == 2 && from.type().equals(parts[0]))
                .map(from -> inclusion(from, parts[1], "_revinclude"))
                .findFirst()
                .orElseThrow(() -> unknown("_revinclude=" + value));
        if (inclusion.to() != kind) {
            throw unknown("_revinclude=" + value);
        }
        return inclusion;
    }

    private Inclusion inclusion(Kind from, String name, String asked) {
        Kind to = Parameters.target(from, name).orElseThrow(() -> unknown(asked + "=" + from.type() + ":" + name));
        Parameter reference = Parameters.find(from, name).orElseThrow(() -> unknown(asked));
        return new Inclusion(from, reference, to);
    }

    private SearchRefused unknown(String what) {
        return new SearchRefused("Parameter " + what + " not found for resource " + kind.type());
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SearchRefused("The url can't be decoded: " + text);
        }
    }
}
