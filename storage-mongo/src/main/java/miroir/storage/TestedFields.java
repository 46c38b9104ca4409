package miroir.storage;

import java.util.Set;
import java.util.TreeSet;
import miroir.index.search.Condition;

/** Which fields of a document, and of those that it is linked to, a condition is about. */
final class TestedFields {
    private TestedFields() {}

    static Set<String> of(Condition condition) {
        Set<String> fields = new TreeSet<>();
        collect(condition, fields);
        return fields;
    }

    private static void collect(Condition condition, Set<String> fields) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(part -> collect(part, fields));
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(part -> collect(part, fields));
        } else if (condition instanceof Condition.Not not) {
            collect(not.part(), fields);
        } else if (condition instanceof Condition.In in) {
            fields.add(in.field());
        } else if (condition instanceof Condition.Exists exists) {
            fields.add(exists.field());
        } else if (condition instanceof Condition.Text text) {
            fields.add(text.base() + "-i");
        } else if (condition instanceof Condition.Word word) {
            fields.add(word.base() + "-i");
        } else if (condition instanceof Condition.StartsWith starts) {
            fields.add(starts.field());
        } else if (condition instanceof Condition.Range range) {
            fields.add(range.field());
        } else if (condition instanceof Condition.Element element) {
            fields.add(element.field());
        } else if (condition instanceof Condition.Linked link) {
            fields.add(
                    link.direction() == Condition.Direction.REFERS_TO
                            ? link.field() + " of " + link.type()
                            : link.type() + " by " + link.field());
        }
    }
}
