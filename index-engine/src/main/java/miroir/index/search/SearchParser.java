package miroir.index.search;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;

/**
 * From the parameters of a query to what it asks. Whatever is not understood is refused, with the name of the parameter,
 * the guilty value and what is allowed; a lenient client has unknown parameters and empty ones left out and is told so. A
 * modifier that is not known, or a value that cannot be read, is refused in either case: leaving it out would answer another question. A
 * parameter that cannot be searched yet is as one that is not known, but for the reason: it will be.
 */
public final class SearchParser {
    /** What R4 has for the case that nobody asks for anything else, and what may be asked for as well. */
    private static final Map<String, String> USUAL = Map.of("_contained", "false", "_containedType", "container");

    private final SearchableParameters searchable;
    private final SearchParameterRegistry registry;
    private final ZoneId zone;
    private final ReferenceClauses references;
    private final SearchLimits limits;
    private final Terminology terminology;
    private final SameSystems systems;

    public SearchParser(SearchParameterRegistry registry, ZoneId zone, Set<String> ownBases) {
        this(SearchableParameters.all(registry), zone, ownBases, SearchLimits.defaults());
    }

    /**
     * A parser of searches by these parameters.
     *
     * @param zone where dates without a zone are meant
     * @param ownBases URLs under which this server is known: references below them are local
     */
    public SearchParser(SearchableParameters searchable, ZoneId zone, Set<String> ownBases, SearchLimits limits) {
        this(searchable, zone, new ReferenceClauses(ownBases), limits, Terminology.none(), SameSystems.none());
    }

    private SearchParser(
            SearchableParameters searchable,
            ZoneId zone,
            ReferenceClauses references,
            SearchLimits limits,
            Terminology terminology,
            SameSystems systems) {
        this.searchable = searchable;
        this.registry = searchable.registry();
        this.zone = zone;
        this.references = references;
        this.limits = limits;
        this.terminology = terminology;
        this.systems = systems;
    }

    /** The same for a request that came to this base, which is therefore one of ours, whatever is configured. */
    public SearchParser reachedAt(String base) {
        return new SearchParser(searchable, zone, references.reachedAt(base), limits, terminology, systems);
    }

    /** The same for one who knows these value sets and code systems. */
    public SearchParser knowing(Terminology known) {
        return new SearchParser(searchable, zone, references, limits, known, systems);
    }

    /** The same where these systems have other names. */
    public SearchParser calling(SameSystems others) {
        return new SearchParser(searchable, zone, references, limits, terminology, others);
    }

    /** What the parameters ask of a type, now. */
    public SearchRequest parse(String type, List<QueryParameter> parameters, Handling handling) {
        return parse(type, parameters, handling, Instant.now());
    }

    /** What they ask at an instant: the prefix {@code ap} depends on it, so later pages pass that of the first. */
    public SearchRequest parse(String type, List<QueryParameter> parameters, Handling handling, Instant now) {
        requireWithinLimits(parameters);
        ClauseFinder finder = new ClauseFinder(registry, new DateClauses(zone, now), references, terminology, systems);
        Reading reading = new Reading(type, handling, finder);
        parameters.forEach(reading::read);
        return reading.request();
    }

    private void requireWithinLimits(List<QueryParameter> parameters) {
        if (parameters.size() > limits.maximumParameters()) {
            throw tooMuch(parameters.size() + " parameters", limits.maximumParameters());
        }
        long length = parameters.stream()
                .mapToLong(parameter ->
                        parameter.name().length() + parameter.value().length())
                .sum();
        if (length > limits.maximumLength()) {
            throw tooMuch(length + " characters of parameters", limits.maximumLength());
        }
    }

    private static Refusal tooMuch(String what, int allowed) {
        return new Refusal(Refusal.Reason.INVALID, "the query has " + what + "; allowed are at most " + allowed);
    }

    /** One query while it is read. */
    private final class Reading {
        private final String type;
        private final Handling handling;
        private final ClauseFinder finder;
        private final ShapeParameters shape;
        private final ResultParameters result;
        private final InclusionParameters inclusions;
        private final SortParameter sort;
        private final List<SearchExpression> clauses = new ArrayList<>();
        private final List<QueryParameter> applied = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();

        Reading(String type, Handling handling, ClauseFinder finder) {
            this.type = type;
            this.handling = handling;
            this.finder = finder;
            this.shape = new ShapeParameters(type, handling);
            this.result = new ResultParameters(limits, shape);
            this.inclusions = new InclusionParameters(searchable, type, handling);
            this.sort = new SortParameter(searchable, type);
        }

        void read(QueryParameter given) {
            try {
                if (ResultParameters.has(given.name())) {
                    result.read(given).ifPresent(applied::add);
                } else if (given.value().equals(USUAL.get(given.name()))) {
                    applied.add(given);
                } else if (InclusionParameters.has(given.name())) {
                    readOrIgnore(given, inclusions::read);
                } else if (SortParameter.has(given.name())) {
                    readOrIgnore(given, sort::read);
                } else {
                    readClause(given);
                }
            } catch (Refusal refusal) {
                throw named(given, refusal);
            }
        }

        private void readOrIgnore(QueryParameter given, Consumer<QueryParameter> reader) {
            try {
                reader.accept(given);
                applied.add(given);
            } catch (Refusal unknown) {
                ignore(given, unknown);
            }
        }

        private void readClause(QueryParameter given) {
            Clause clause;
            try {
                clause = finder.find(type, given.name());
            } catch (Refusal unknown) {
                ignore(given, unknown);
                return;
            }
            if (given.value().isEmpty() && handling == Handling.LENIENT) {
                ignore(given, new Refusal(Refusal.Reason.INVALID, "the value is empty"));
                return;
            }
            SearchExpression read = clause.read(given.value(), limits.maximumValues());
            finder.requireFewCodes();
            readOrIgnore(given, searched -> {
                read.parameters().forEach(searchable::require);
                clauses.add(read);
            });
        }

        private void ignore(QueryParameter given, Refusal unknown) {
            if (handling == Handling.STRICT || unknown.reason() == Refusal.Reason.NOT_UNDERSTOOD) {
                throw unknown;
            }
            warnings.add("ignored: " + message(given, unknown));
        }

        private Refusal named(QueryParameter given, Refusal refusal) {
            String path = "http."
                    + (LinkClauses.isLink(given.name())
                            ? given.name()
                            : ParameterName.of(given.name()).code());
            return new Refusal(refusal.reason(), message(given, refusal), path);
        }

        private String message(QueryParameter given, Refusal refusal) {
            return "parameter \"" + Refusal.shown(given.name()) + "=" + Refusal.shown(given.value()) + "\": "
                    + refusal.getMessage();
        }

        private Set<String> types(Condition where) {
            Set<String> types = new TreeSet<>(Set.of(type));
            where.collectLinkedTypes(types);
            types.addAll(inclusions.types());
            types.addAll(finder.consulted());
            return types;
        }

        private Set<SearchParameter> parameters(SearchExpression expression) {
            Set<SearchParameter> parameters = new LinkedHashSet<>(sort.parameters());
            parameters.addAll(inclusions.parameters());
            expression.parameters().forEach(parameters::add);
            return parameters;
        }

        SearchRequest request() {
            shape.ignored().forEach(ignored -> warnings.add("ignored: " + ignored));
            inclusions.ignored().forEach(ignored -> warnings.add("ignored: " + ignored));
            SearchExpression expression = clauses.size() == 1 ? clauses.get(0) : new SearchExpression.And(clauses);
            Condition where = ConditionRewriter.rewrite(expression);
            return new SearchRequest(
                    type,
                    expression,
                    where,
                    sort.order(),
                    result.count(),
                    result.total(),
                    inclusions.all(),
                    types(where),
                    parameters(expression),
                    result.explained(),
                    shape.shape(),
                    applied,
                    warnings);
        }
    }
}
