package miroir.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import miroir.index.SearchParameter;
import miroir.index.store.SearchMade;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * What is searched under one number, as {@code miroir_search} keeps it: by what description, by which stored parameters, and in which
 * numbers the parameters of each type became what they are. A document whose fields are of a number from there on has the right ones.
 */
record SearchNumber(
        long number, BsonDocument description, List<RawBsonDocument> parameters, Map<String, OfType> types) {
    private static final String DESCRIPTION = "description";
    private static final String PARAMETERS = "parameters";
    private static final String TYPES = "types";
    private static final String CODES = "codes";
    private static final String CODE = "code";
    private static final String SINCE = "since";
    private static final String DIGEST = "digest";
    private static final String COMPUTED = "computed";

    /** The parts that are of no use once another number is in force everywhere. */
    static final List<String> WHILE_IN_FORCE = List.of(DESCRIPTION, PARAMETERS, TYPES);

    /**
     * What is known of a type.
     *
     * @param fields the number in which its fields last changed
     * @param computed false where whoever made the number does not serve the type, and left it as it was
     */
    record OfType(long fields, boolean computed, Map<String, Since> parameters) {
        Map<String, String> digests() {
            Map<String, String> digests = new TreeMap<>();
            parameters.forEach((code, since) -> digests.put(code, since.digest()));
            return digests;
        }
    }

    /** In which number a parameter got its present fields, and what tells them. */
    record Since(long number, String digest) {}

    /** Before anything was in force. */
    static SearchNumber none(long number) {
        return new SearchNumber(number, new BsonDocument(), List.of(), Map.of());
    }

    /** The next one. */
    SearchNumber next(BsonDocument nextDescription, List<RawBsonDocument> nextParameters, SearchMade made) {
        long next = number + 1;
        Map<String, OfType> ofTypes = new TreeMap<>();
        types.forEach((type, of) -> ofTypes.put(type, new OfType(of.fields(), false, of.parameters())));
        digests(made).forEach((type, digests) -> ofTypes.put(type, next(next, types.get(type), digests)));
        return new SearchNumber(next, nextDescription, nextParameters, ofTypes);
    }

    private static OfType next(long number, @Nullable OfType before, Map<String, String> digests) {
        Map<String, Since> parameters = new LinkedHashMap<>();
        digests.forEach((code, digest) -> {
            Since since = before == null ? null : before.parameters().get(code);
            boolean same = since != null && since.digest().equals(digest);
            parameters.put(code, same ? since : new Since(number, digest));
        });
        long fields = before != null && before.parameters().equals(parameters) ? before.fields() : number;
        return new OfType(fields, true, parameters);
    }

    private static Map<String, Map<String, String>> digests(SearchMade made) {
        Map<String, Map<String, String>> digests = new TreeMap<>();
        for (String type : made.registry().types()) {
            Map<String, String> ofType = new TreeMap<>();
            for (SearchParameter parameter : made.registry().of(type)) {
                ofType.put(parameter.code(), made.fields().digest(parameter));
            }
            digests.put(type, ofType);
        }
        return digests;
    }

    /** Whether it says of all types of a process what that process makes of it. */
    boolean isOf(SearchMade made) {
        return digests(made).entrySet().stream().allMatch(type -> {
            OfType kept = types.get(type.getKey());
            return kept != null && kept.digests().equals(type.getValue());
        });
    }

    /** Whether it was made by somebody who makes other fields of the same description. */
    boolean contradicts(SearchMade made) {
        return digests(made).entrySet().stream().anyMatch(type -> {
            OfType kept = types.get(type.getKey());
            return kept != null && kept.computed() && !kept.digests().equals(type.getValue());
        });
    }

    /** In which number the fields of a type became what they are. */
    long fieldsOf(String type) {
        return Objects.requireNonNull(types.get(type), type).fields();
    }

    /** In which number a parameter got its present fields; 0: there is none. */
    long since(String type, String code) {
        OfType ofType = types.get(type);
        Since since = ofType == null ? null : ofType.parameters().get(code);
        return since == null ? 0 : since.number();
    }

    BsonDocument document(String digest) {
        BsonDocument ofTypes = new BsonDocument();
        types.forEach((type, of) -> ofTypes.append(type, document(of)));
        return new BsonDocument(StoredFields.ID, new BsonInt64(number))
                .append(DIGEST, new BsonString(digest))
                .append(DESCRIPTION, description)
                .append(PARAMETERS, new BsonArray(parameters))
                .append(TYPES, ofTypes);
    }

    private static BsonDocument document(OfType of) {
        BsonArray codes = new BsonArray();
        of.parameters()
                .forEach((code, since) -> codes.add(new BsonDocument(CODE, new BsonString(code))
                        .append(SINCE, new BsonInt64(since.number()))
                        .append(DIGEST, new BsonString(since.digest()))));
        return new BsonDocument(StoredFields.GENERATION, new BsonInt64(of.fields()))
                .append(COMPUTED, BsonBoolean.valueOf(of.computed()))
                .append(CODES, codes);
    }

    static SearchNumber of(BsonDocument document) {
        Map<String, OfType> types = new TreeMap<>();
        document.getDocument(TYPES).forEach((type, of) -> types.put(type, ofType(of.asDocument())));
        return new SearchNumber(
                document.getInt64(StoredFields.ID).getValue(),
                document.getDocument(DESCRIPTION),
                document.getArray(PARAMETERS).stream()
                        .map(each -> new RawBsonDocument(each.asDocument(), new BsonDocumentCodec()))
                        .toList(),
                types);
    }

    private static OfType ofType(BsonDocument document) {
        Map<String, Since> parameters = new LinkedHashMap<>();
        document.getArray(CODES).forEach(each -> {
            BsonDocument of = each.asDocument();
            parameters.put(
                    of.getString(CODE).getValue(),
                    new Since(
                            of.getInt64(SINCE).getValue(), of.getString(DIGEST).getValue()));
        });
        return new OfType(
                document.getInt64(StoredFields.GENERATION).getValue(),
                document.getBoolean(COMPUTED).getValue(),
                parameters);
    }
}
