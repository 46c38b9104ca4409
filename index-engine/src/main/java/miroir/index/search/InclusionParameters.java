package miroir.index.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition.Direction;

/**
 * Reads {@code _include} and {@code _revinclude}: {@code PractitionerRole:practitioner}, with a type that is referred to behind
 * it, or a star for all references. {@code :iterate}, which was {@code :recurse} before R4, goes on from what was included.
 */
final class InclusionParameters {
    static final String INCLUDE = "_include";
    static final String REVINCLUDE = "_revinclude";
    private static final Set<String> ITERATED = Set.of("iterate", "recurse");
    private static final String ALL = "*";
    private static final int MOST = 500;

    private final SearchableParameters searchable;
    private final SearchParameterRegistry registry;
    private final ReferenceParameters references;
    private final String type;
    private final Handling handling;
    private final List<String> ignored = new ArrayList<>();
    private final List<Inclusion> read = new ArrayList<>();
    private final Set<String> types = new TreeSet<>();
    private final Set<SearchParameter> parameters = new LinkedHashSet<>();

    /** A reference by which something is included, and the types behind it that are meant; none: all. */
    private record By(SearchParameter reference, List<String> targets) {}

    InclusionParameters(SearchableParameters searchable, String type, Handling handling) {
        this.searchable = searchable;
        this.registry = searchable.registry();
        this.references = new ReferenceParameters(registry);
        this.type = type;
        this.handling = handling;
    }

    /** The types of which something may be included. */
    Set<String> types() {
        return Set.copyOf(types);
    }

    /** The references by which something is included. */
    Set<SearchParameter> parameters() {
        return Set.copyOf(parameters);
    }

    /** What a star stands for and cannot be searched yet, which a lenient client did not ask for by name. */
    List<String> ignored() {
        return ignored;
    }

    static boolean has(String name) {
        return name.startsWith(INCLUDE) || name.startsWith(REVINCLUDE);
    }

    List<Inclusion> all() {
        return read.stream().distinct().toList();
    }

    void read(QueryParameter given) {
        ParameterName name = ParameterName.of(given.name());
        String modifier = name.modifier();
        boolean iterated = modifier != null;
        if (modifier != null && !ITERATED.contains(modifier)) {
            throw invalid("the modifier :" + Refusal.shown(modifier) + " is not known for " + name.code()
                    + "; allowed is :iterate");
        }
        if (!name.code().equals(INCLUDE) && !name.code().equals(REVINCLUDE)) {
            throw invalid("it is not known; allowed are " + INCLUDE + " and " + REVINCLUDE);
        }
        Direction direction = name.code().equals(INCLUDE) ? Direction.REFERS_TO : Direction.REFERRED_BY;
        List<By> more = named(direction, given.value(), iterated);
        if (read.size() + more.size() > MOST) {
            throw invalid("the query includes by " + (read.size() + more.size()) + " references; allowed are at most "
                    + MOST + ": name those that are meant");
        }
        more.forEach(by -> add(direction, by, iterated));
    }

    private void add(Direction direction, By by, boolean iterated) {
        SearchParameter reference = by.reference();
        parameters.add(reference);
        types.add(reference.type());
        if (direction == Direction.REFERS_TO) {
            types.addAll(targets(reference, by.targets()));
        }
        read.add(new Inclusion(direction, reference.type(), reference.field("reference"), by.targets(), iterated));
    }

    private List<By> named(Direction direction, String value, boolean iterated) {
        if (value.equals(ALL)) {
            return ofEverything(direction, iterated);
        }
        String[] parts = value.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw invalid("\"" + Refusal.shown(value)
                    + "\" says no reference; allowed are [type]:[parameter], [type]:[parameter]:[type] and *");
        }
        references.requireServed(parts[0]);
        List<String> targets = parts.length == 3 ? List.of(parts[2]) : List.of();
        targets.forEach(references::requireServed);
        return parts[1].equals(ALL)
                ? references.of(parts[0]).stream()
                        .filter(reference -> isReady(reference, value))
                        .map(reference -> by(reference, targets))
                        .toList()
                : List.of(by(references.find(parts[0], parts[1]), targets));
    }

    /** All references of the type that is searched, or to it; of and to any type where what is included counts as well. */
    private List<By> ofEverything(Direction direction, boolean iterated) {
        List<By> all = new ArrayList<>();
        for (String each : direction == Direction.REFERS_TO && !iterated ? Set.of(type) : registry.types()) {
            references.of(each).stream()
                    .filter(reference -> direction == Direction.REFERS_TO || iterated || mayTarget(reference))
                    .filter(reference -> isReady(reference, ALL))
                    .forEach(reference -> all.add(by(reference, List.of())));
        }
        return all;
    }

    private boolean mayTarget(SearchParameter reference) {
        return reference.targets().isEmpty() || reference.targets().contains(type);
    }

    private boolean isReady(SearchParameter reference, String value) {
        Optional<String> why = handling == Handling.STRICT
                ? Optional.empty()
                : searchable.pending().apply(reference.type(), reference.code());
        why.ifPresent(reason -> ignored.add("of the inclusions \"" + Refusal.shown(value) + "\" that by "
                + reference.type() + ":" + reference.code() + ": " + reason));
        return why.isEmpty();
    }

    private By by(SearchParameter reference, List<String> targets) {
        targets.stream()
                .filter(target ->
                        !reference.targets().isEmpty() && !reference.targets().contains(target))
                .forEach(target -> {
                    throw invalid(reference.code() + " of " + reference.type() + " cannot refer to " + target
                            + "; it refers to " + String.join(", ", reference.targets()));
                });
        searchable.require(reference);
        return new By(reference, targets);
    }

    private Collection<String> targets(SearchParameter reference, List<String> named) {
        if (!named.isEmpty()) {
            return named;
        }
        return reference.targets().isEmpty() ? registry.types() : reference.targets();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
