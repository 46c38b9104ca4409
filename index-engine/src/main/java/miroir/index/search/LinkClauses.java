package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;

/**
 * Reads the names of chains, {@code organization.name} and {@code subject:Patient.name:exact}, and of what refers to a resource,
 * {@code _has:PractitionerRole:practitioner:role}. What is behind the dot, or the last colon, is a parameter of the other type
 * and may be a chain or a {@code _has} again.
 *
 * <p>A reference that may point to several types asks each of those that know the rest of the name. Every one of them costs
 * a search, and with chains of chains there would be products of them: so their number is bounded, and whoever meets the bound is
 * asked to name the type.
 */
final class LinkClauses {
    static final String HAS = "_has";
    private static final String HAS_PREFIX = HAS + ":";
    private static final int MOST_LINKS = 50;
    private static final int DEEPEST = 10;

    private final SearchParameterRegistry registry;
    private final ReferenceParameters references;
    private final Named named;
    private int links;

    /** How a parameter of a type is read. */
    interface Named {
        Clause find(String type, String name, int depth);
    }

    LinkClauses(SearchParameterRegistry registry, Named named) {
        this.registry = registry;
        this.references = new ReferenceParameters(registry);
        this.named = named;
    }

    static boolean isLink(String name) {
        return name.startsWith(HAS_PREFIX) || name.indexOf('.') >= 0;
    }

    Clause find(String type, String name, int depth) {
        if (depth == DEEPEST) {
            throw new Refusal(Reason.INVALID, "it leads over more than " + DEEPEST + " references");
        }
        return name.startsWith(HAS_PREFIX) ? has(type, name, depth + 1) : chain(type, name, depth + 1);
    }

    private Clause has(String type, String name, int depth) {
        String[] parts = name.split(":", 4);
        if (parts.length < 4 || parts[3].isEmpty()) {
            throw incomplete();
        }
        references.requireServed(parts[1]);
        SearchParameter reference = references.find(parts[1], parts[2]);
        if (!reference.targets().isEmpty() && !reference.targets().contains(type)) {
            throw new Refusal(
                    Reason.INVALID,
                    reference.code() + " of " + parts[1] + " cannot refer to " + type + "; it refers to "
                            + String.join(", ", reference.targets()));
        }
        countLink();
        Clause clause = named.find(parts[1], parts[3], depth);
        return (value, most) -> new SearchExpression.Has(reference, clause.read(value, most));
    }

    static Refusal incomplete() {
        return new Refusal(
                Reason.INVALID,
                "it is not complete; allowed is _has:[type]:[reference]:[parameter], such as"
                        + " _has:PractitionerRole:practitioner:role");
    }

    private Clause chain(String type, String name, int depth) {
        int dot = name.indexOf('.');
        ParameterName head = ParameterName.of(name.substring(0, dot));
        SearchParameter reference = references.find(type, head.code());
        String rest = name.substring(dot + 1);
        List<Linked> linked = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        for (String target : targets(reference, head)) {
            try {
                countLink();
                linked.add(new Linked(target, named.find(target, rest, depth)));
            } catch (Refusal unknown) {
                requireFewLinks();
                refusals.add(unknown);
            }
        }
        if (linked.isEmpty()) {
            throw refusals.size() == 1 ? refusals.get(0) : unknown(reference, rest, refusals);
        }
        return new Chained(reference, linked);
    }

    private static Refusal unknown(SearchParameter reference, String rest, List<Refusal> refusals) {
        return refusals.isEmpty()
                ? new Refusal(
                        Reason.INVALID,
                        reference.code() + " refers to no type of this server; it refers to "
                                + String.join(", ", reference.targets()))
                : new Refusal(
                        Reason.INVALID,
                        "\"" + Refusal.shown(rest) + "\" is not known for any type that " + reference.code()
                                + " can refer to; for the first of them: "
                                + refusals.get(0).getMessage());
    }

    /** The served types that it may refer to, or the one that the name says. */
    private List<String> targets(SearchParameter reference, ParameterName head) {
        String said = head.modifier();
        if (said == null) {
            return registry.types().stream()
                    .filter(each ->
                            reference.targets().isEmpty() || reference.targets().contains(each))
                    .toList();
        }
        references.requireServed(said);
        if (!reference.targets().isEmpty() && !reference.targets().contains(said)) {
            throw new Refusal(
                    Reason.INVALID,
                    reference.code() + " cannot refer to " + Refusal.shown(said) + "; "
                            + NearestName.hint(said, reference.targets()));
        }
        return List.of(said);
    }

    private void countLink() {
        links++;
        requireFewLinks();
    }

    private void requireFewLinks() {
        if (links > MOST_LINKS) {
            throw new Refusal(
                    Reason.INVALID,
                    "the query leads to more than " + MOST_LINKS
                            + " types of resources over references; say which type is meant,"
                            + " as in subject:Patient.name");
        }
    }

    /** What is asked of one type that is referred to. */
    private record Linked(String type, Clause clause) {}

    /** A chain: a value that can be read for none of the types is refused, and is looked for in those that can have it. */
    private record Chained(SearchParameter reference, List<Linked> linked) implements Clause {

        @Override
        public SearchExpression read(String value, int maximumValues) {
            List<SearchExpression> parts = new ArrayList<>();
            Refusal refused = null;
            for (Linked each : linked) {
                try {
                    parts.add(new SearchExpression.Chain(
                            reference, each.type(), each.clause().read(value, maximumValues)));
                } catch (Refusal unreadable) {
                    refused = requireUnreadable(unreadable);
                }
            }
            if (parts.isEmpty() && refused != null) {
                throw refused;
            }
            return parts.size() == 1 ? parts.get(0) : new SearchExpression.Or(parts);
        }

        /** A value that can be read at another time, or at another cost, would be left out of the question. */
        private static Refusal requireUnreadable(Refusal refusal) {
            if (refusal.reason() != Reason.INVALID) {
                throw refusal;
            }
            return refusal;
        }
    }
}
