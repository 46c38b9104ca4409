package miroir.index.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.Missing;
import miroir.index.value.FoldedText;
import org.bson.BsonValue;

/**
 * From what a query asks to conditions on the fields of {@code docs/fields.md}.
 *
 * <p>Alternatives that are equalities on one field become one {@code In}: a list of ids or codes is one look-up in one
 * index, which delivers in order of position, where an or of many parts is a plan per part.
 */
final class ConditionRewriter {
    private ConditionRewriter() {}

    static Condition rewrite(SearchExpression expression) {
        if (expression instanceof SearchExpression.And and) {
            return and(ChainsOfOne.together(and.parts()).stream()
                    .map(ConditionRewriter::rewrite)
                    .toList());
        }
        if (expression instanceof SearchExpression.Or or) {
            return alternatives(or.parts());
        }
        if (expression instanceof SearchExpression.Not not) {
            return new Condition.Not(rewrite(not.part()));
        }
        return alternatives(List.of(expression));
    }

    private static Condition alternatives(List<SearchExpression> parts) {
        Map<SearchParameter, List<SearchExpression.Token>> tokens = new LinkedHashMap<>();
        List<Condition> conditions = new ArrayList<>();
        for (SearchExpression part : parts) {
            if (part instanceof SearchExpression.Or or) {
                conditions.add(alternatives(or.parts()));
            } else if (part instanceof SearchExpression.Token token) {
                tokens.computeIfAbsent(token.parameter(), parameter -> new ArrayList<>())
                        .add(token);
            } else if (part instanceof SearchExpression.AmongCodes among) {
                tokens.computeIfAbsent(among.parameter(), parameter -> new ArrayList<>())
                        .addAll(among.codes());
            } else {
                conditions.add(leaf(part));
            }
        }
        tokens.forEach((parameter, any) -> conditions.addAll(TokenConditions.anyOf(parameter, any)));
        return or(conditions);
    }

    private static Condition leaf(SearchExpression expression) {
        if (expression instanceof SearchExpression.Text text) {
            return text(text);
        }
        if (expression instanceof SearchExpression.LocalReference reference) {
            return local(reference);
        }
        if (expression instanceof SearchExpression.ForeignReference reference) {
            return equal(reference.parameter().field("reference"), reference.url());
        }
        if (expression instanceof SearchExpression.IdentifiedReference reference) {
            return identified(reference);
        }
        if (expression instanceof SearchExpression.Date date) {
            return new Condition.Element(
                    date.parameter().field(""), DateConditions.ofInterval(date.prefix(), date.interval()));
        }
        if (expression instanceof SearchExpression.Quantity quantity) {
            return QuantityConditions.of(quantity);
        }
        if (expression instanceof SearchExpression.LastUpdated updated) {
            return DateConditions.ofInstant("t_lastupdated", updated.prefix(), updated.interval());
        }
        return lessCommonLeaf(expression);
    }

    private static Condition lessCommonLeaf(SearchExpression expression) {
        if (expression instanceof SearchExpression.Id id) {
            return equal("_id", id.id());
        }
        if (expression instanceof SearchExpression.Uri uri) {
            return uri(uri);
        }
        if (expression instanceof SearchExpression.Chain chain) {
            return linked(Condition.Direction.REFERS_TO, chain.reference(), chain.type(), chain.of());
        }
        if (expression instanceof SearchExpression.Has has) {
            return linked(
                    Condition.Direction.REFERRED_BY,
                    has.reference(),
                    has.reference().type(),
                    has.of());
        }
        if (expression instanceof SearchExpression.Composite composite) {
            return CompositeConditions.of(composite);
        }
        if (expression instanceof SearchExpression.TypedIdentifier typed) {
            return typedIdentifier(typed);
        }
        if (expression instanceof SearchExpression.TokenText text) {
            return new Condition.StartsWith(text.parameter().field("text"), FoldedText.fold(text.text()));
        }
        if (expression instanceof Missing missing) {
            Condition exists = new Condition.Exists(mainField(missing.parameter()));
            return missing.missing() ? new Condition.Not(exists) : exists;
        }
        return rewrite(expression);
    }

    private static Condition linked(
            Condition.Direction direction, SearchParameter reference, String type, SearchExpression of) {
        return new Condition.Linked(direction, reference.field("reference"), type, rewrite(of));
    }

    /** The value finds, by its index; system and code of the type are tested on what was found. */
    private static Condition typedIdentifier(SearchExpression.TypedIdentifier typed) {
        String whole = typed.system() + "|" + typed.code() + "|" + typed.value();
        return new Condition.And(List.of(
                equal(typed.parameter().field("value"), typed.value()),
                equal(typed.parameter().field("of-type"), whole)));
    }

    private static Condition identified(SearchExpression.IdentifiedReference reference) {
        SearchParameter parameter = reference.parameter();
        if (reference.system() == null) {
            return equal(parameter.field("identifier-value"), String.valueOf(reference.value()));
        }
        return reference.value() == null
                ? equal(parameter.field("identifier-system"), reference.system())
                : equal(parameter.field("identifier"), reference.system() + "|" + reference.value());
    }

    private static Condition text(SearchExpression.Text text) {
        String base = text.parameter().field("");
        return switch (text.match()) {
            case EXACT -> equal(base, text.text());
            case STARTS_WITH -> new Condition.Text(base, text.folded(), false);
            case CONTAINS -> new Condition.Text(base, text.folded(), true);
        };
    }

    /** With few target types every possible reference is named: then there is an index on references and none on ids. */
    private static Condition local(SearchExpression.LocalReference reference) {
        SearchParameter parameter = reference.parameter();
        String id = reference.id();
        if (reference.type() != null) {
            return equal(parameter.field("reference"), reference.type() + "/" + id);
        }
        return parameter.hasFewTargets()
                ? Condition.In.texts(
                        parameter.field("reference"),
                        parameter.targets().stream()
                                .map(type -> type + "/" + id)
                                .toList())
                : equal(parameter.field("id"), id);
    }

    private static Condition uri(SearchExpression.Uri uri) {
        String field = uri.parameter().field("");
        return switch (uri.match()) {
            case EQUAL -> equal(field, uri.uri());
            case ABOVE -> Condition.In.texts(field, parents(uri.uri()));
            case BELOW -> new Condition.StartsWith(field, uri.uri());
        };
    }

    /** The URL and what is left of it at every slash of its path, with and without that slash. */
    private static List<String> parents(String url) {
        Set<String> parents = new LinkedHashSet<>(List.of(url));
        int pathStart = url.indexOf("://") + 3;
        for (int slash = url.lastIndexOf('/'); slash >= pathStart; slash = url.lastIndexOf('/', slash - 1)) {
            parents.add(url.substring(0, slash + 1));
            parents.add(url.substring(0, slash));
        }
        return List.copyOf(parents);
    }

    /** The field that is there exactly where the parameter has something. */
    static String mainField(SearchParameter parameter) {
        return switch (parameter.searchType()) {
            case TOKEN -> parameter.field("sysval");
            case REFERENCE -> parameter.field("reference");
            case COMPOSITE -> parameter.field("tuple");
            case NUMBER, DATE, STRING, QUANTITY, URI, SPECIAL -> parameter.field("");
        };
    }

    private static Condition and(List<Condition> parts) {
        return parts.size() == 1 ? parts.get(0) : new Condition.And(parts);
    }

    /** An or whose equalities on the same field are one. */
    private static Condition or(List<Condition> parts) {
        Map<String, Set<BsonValue>> equalities = new LinkedHashMap<>();
        List<Condition> others = new ArrayList<>();
        for (Condition part : parts) {
            if (part instanceof Condition.In in) {
                equalities
                        .computeIfAbsent(in.field(), field -> new LinkedHashSet<>())
                        .addAll(in.values());
            } else if (!others.contains(part)) {
                others.add(part);
            }
        }
        List<Condition> merged = new ArrayList<>();
        equalities.forEach((field, values) -> merged.add(new Condition.In(field, List.copyOf(values))));
        merged.addAll(others);
        return merged.size() == 1 ? merged.get(0) : new Condition.Or(merged);
    }

    private static Condition equal(String field, String value) {
        return Condition.In.texts(field, List.of(value));
    }
}
