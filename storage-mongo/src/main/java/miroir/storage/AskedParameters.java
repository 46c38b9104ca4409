package miroir.storage;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.search.Inclusion;
import miroir.index.search.Order;

/**
 * Which search parameters something asks for, told by the fields that it names. Where a name fits several all of them count: it is
 * better to refuse an answer too many.
 */
final class AskedParameters {
    private final SearchParameterRegistry registry;
    private final LinkNames names;
    private final Map<String, Set<String>> codes = new TreeMap<>();

    AskedParameters(SearchParameterRegistry registry, LinkNames names) {
        this.registry = registry;
        this.names = names;
    }

    AskedParameters where(String type, Condition condition) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(part -> where(type, part));
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(part -> where(type, part));
        } else if (condition instanceof Condition.Not not) {
            where(type, not.part());
        } else if (condition instanceof Condition.Linked link) {
            boolean refersTo = link.direction() == Condition.Direction.REFERS_TO;
            linked(refersTo ? type : link.type(), link.field(), refersTo ? link.type() : type);
            where(link.type(), link.condition());
        } else {
            field(type, field(condition));
        }
        return this;
    }

    private static String field(Condition leaf) {
        if (leaf instanceof Condition.In in) {
            return in.field();
        } else if (leaf instanceof Condition.Exists exists) {
            return exists.field();
        } else if (leaf instanceof Condition.Text text) {
            return text.base();
        } else if (leaf instanceof Condition.Word word) {
            return word.base();
        } else if (leaf instanceof Condition.StartsWith starts) {
            return starts.field();
        } else if (leaf instanceof Condition.Range range) {
            return range.field();
        }
        return ((Condition.Element) leaf).field();
    }

    AskedParameters by(String type, Order order) {
        order.keys().forEach(key -> field(type, key.field()));
        return this;
    }

    AskedParameters including(Inclusion inclusion) {
        field(inclusion.type(), inclusion.field());
        names.typesWithUrl().stream().filter(inclusion::mayTarget).forEach(this::url);
        return this;
    }

    AskedParameters code(String type, String code) {
        codes.computeIfAbsent(type, same -> new TreeSet<>()).add(code);
        return this;
    }

    private void linked(String referring, String field, String referredTo) {
        field(referring, field);
        url(referredTo);
    }

    /** By which canonicals are resolved. */
    private void url(String type) {
        if (names.haveUrl(type)) {
            code(type, "url").code(type, "version");
        }
    }

    private void field(String type, String field) {
        for (SearchParameter parameter : registry.of(type)) {
            String own = parameter.field("");
            if (field.equals(own) || field.startsWith(own + "-") || field.startsWith(own + ".")) {
                code(type, parameter.code());
            }
        }
    }

    /** Whether it is so for all of them. */
    boolean all(BiPredicate<String, String> ofTypeAndCode) {
        return codes.entrySet().stream()
                .allMatch(type -> type.getValue().stream().allMatch(code -> ofTypeAndCode.test(type.getKey(), code)));
    }
}
