package miroir.server.fhir;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * Adds profiles, security labels and tags to those of a resource, or takes them away. A label is the same by system and code, one without a code as a whole, a
 * profile by its whole URL; what is there already stays as it is. Whatever else a meta says is not looked at.
 */
final class ChangeLabels {
    private static final List<String> KINDS = List.of("profile", "security", "tag");

    private ChangeLabels() {}

    static RawBsonDocument added(RawBsonDocument fhir, BsonDocument sent) {
        return changed(fhir, sent, ChangeLabels::union);
    }

    static RawBsonDocument removed(RawBsonDocument fhir, BsonDocument sent) {
        return changed(fhir, sent, ChangeLabels::difference);
    }

    private static RawBsonDocument changed(
            RawBsonDocument fhir, BsonDocument sent, BiFunction<Labelled, BsonArray, Labelled> change) {
        BsonDocument meta = new BsonDocument();
        meta.putAll(fhir.getDocument("meta"));
        for (String kind : KINDS) {
            if (sent.get(kind) instanceof BsonArray values) {
                Labelled before = new Labelled(array(meta, kind), array(meta, "_" + kind));
                Labelled after = change.apply(before, values);
                put(meta, kind, after.values());
                put(meta, "_" + kind, isNothing(after.extensions()) ? new BsonArray() : after.extensions());
            }
        }
        BsonDocument changed = new BsonDocument();
        changed.putAll(fhir);
        changed.put("meta", meta);
        return new RawBsonDocument(changed, new BsonDocumentCodec());
    }

    /** Values, and beside them their extensions, which only those of a primitive type have there. */
    private record Labelled(BsonArray values, BsonArray extensions) {}

    private static Labelled union(Labelled before, BsonArray sent) {
        BsonArray values = new BsonArray(before.values());
        for (BsonValue value : sent) {
            if (!value.isNull() && !isAmong(value, values)) {
                values.add(value);
            }
        }
        return new Labelled(values, before.extensions());
    }

    private static Labelled difference(Labelled before, BsonArray sent) {
        Labelled left = new Labelled(new BsonArray(), new BsonArray());
        for (int i = 0; i < before.values().size(); i++) {
            if (!isAmong(before.values().get(i), sent)) {
                left.values().add(before.values().get(i));
                left.extensions()
                        .add(
                                i < before.extensions().size()
                                        ? before.extensions().get(i)
                                        : BsonNull.VALUE);
            }
        }
        return left;
    }

    private static boolean isAmong(BsonValue value, BsonArray others) {
        return others.stream().anyMatch(other -> isSame(value, other));
    }

    private static boolean isSame(BsonValue one, BsonValue other) {
        if (one.isDocument() && other.isDocument()) {
            if (!one.asDocument().containsKey("code") && !other.asDocument().containsKey("code")) {
                return one.equals(other);
            }
            return isSame("system", one.asDocument(), other.asDocument())
                    && isSame("code", one.asDocument(), other.asDocument());
        }
        return one.isString() && one.equals(other);
    }

    private static boolean isSame(String element, BsonDocument one, BsonDocument other) {
        return Objects.equals(one.get(element), other.get(element));
    }

    private static BsonArray array(BsonDocument meta, String name) {
        return meta.getArray(name, new BsonArray());
    }

    private static boolean isNothing(BsonArray extensions) {
        return extensions.stream().allMatch(BsonValue::isNull);
    }

    private static void put(BsonDocument meta, String name, BsonArray values) {
        if (values.isEmpty()) {
            meta.remove(name);
        } else {
            meta.put(name, values);
        }
    }
}
