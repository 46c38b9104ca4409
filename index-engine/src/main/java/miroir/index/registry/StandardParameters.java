package miroir.index.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameter.Component;
import miroir.index.SearchParameterType;

/**
 * The search parameters that FHIR R4 itself defines, and {@code _language}, which it forgot to define.
 *
 * <p>They are read from a generated table with one row per type and code. {@code _text}, {@code _content} and
 * {@code _query} are not among them: they select nothing of the resource by a path. Nor are {@code composition} and {@code message} of
 * Bundle, by which one would search within the first resource of a bundle.
 */
final class StandardParameters {
    /** The origin of all of them. */
    static final String ORIGIN = "FHIR R4";

    private static final String TABLE = "standard-parameters.tsv";
    private static final String DEFINITION = "http://hl7.org/fhir/SearchParameter/";
    private static final String EVERY_TYPE = "*";
    private static final int DIGEST_BYTES = 8;

    /**
     * Where the code will not do: what every type has may meet a type's own, the layout has its own names for two, and the
     * composite {@code context-type-value} would write a field of the token {@code context-type}.
     */
    private static final Map<String, String> INDEX_NAMES = Map.of(
            "_id", "id",
            "_lastUpdated", "lastupdated",
            "_language", "meta-language",
            "_profile", "meta-profile",
            "_security", "meta-security",
            "_source", "meta-source",
            "_tag", "meta-tag",
            "characteristic-value", "characteristic-with-value",
            "context-type-value", "context-type-with-value");

    /** What {@code composition} and {@code message} of Bundle select: not a reference but a resource, whose contents nothing is kept of. */
    private static final String WITHIN_BUNDLE = "Bundle.entry[0].resource";

    /** A composite of DocumentReference; R4 has the expressions of its components the wrong way round: nothing would be found. */
    private static final String SWAPPED = "relationship";

    /** What the specification's description promises and is not done here; such a parameter has not the specification's definition. */
    private static final Map<String, String> LIMITS =
            Map.of("phonetic", " (here: compared by spelling, as in name; how a name sounds is not compared)");

    private StandardParameters() {}

    /** Those of the given types, type by type; none is indexed or sortable yet. */
    static List<SearchParameter> of(Set<String> types) {
        List<SearchParameter> parameters = new ArrayList<>();
        List<String[]> ofEveryType = new ArrayList<>();
        table().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] columns = line.split("\t", -1);
            if (columns[3].equals(WITHIN_BUNDLE)) {
                return;
            }
            if (columns[0].equals(EVERY_TYPE)) {
                ofEveryType.add(columns);
            } else if (types.contains(columns[0])) {
                parameters.add(parameter(columns[0], columns));
            }
        });
        types.forEach(type -> ofEveryType.forEach(columns -> parameters.add(parameter(type, columns))));
        return parameters;
    }

    /** Changes with them. */
    static String digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(table().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String definition(String column) {
        return column.contains("://") ? column : DEFINITION + column;
    }

    /** What the fields of a parameter are called unless somebody says otherwise. */
    static String indexName(String code) {
        return INDEX_NAMES.getOrDefault(code, code);
    }

    private static SearchParameter parameter(String type, String[] columns) {
        String code = columns[1];
        return new SearchParameter(
                type,
                code,
                type(columns[2]),
                columns[0].equals(EVERY_TYPE) ? type + columns[3] : columns[3],
                indexName(code),
                false,
                false,
                columns[7] + LIMITS.getOrDefault(code, ""),
                LIMITS.containsKey(code) ? "" : definition(columns[4]),
                columns[5].isEmpty() ? List.of() : List.of(columns[5].split(",", -1)),
                columns[1].equals(SWAPPED) && columns[2].equals("composite")
                        ? swapped(components(columns[6]))
                        : components(columns[6]),
                ORIGIN);
    }

    private static List<Component> swapped(List<Component> both) {
        Component one = both.get(0);
        Component other = both.get(1);
        return List.of(
                new Component(one.code(), one.searchType(), other.expression()),
                new Component(other.code(), other.searchType(), one.expression()));
    }

    private static List<Component> components(String column) {
        List<Component> components = new ArrayList<>();
        if (!column.isEmpty()) {
            for (String component : column.split(";", -1)) {
                String[] parts = component.split(" ", 3);
                components.add(new Component(parts[0], type(parts[1]), parts[2]));
            }
        }
        return components;
    }

    private static SearchParameterType type(String code) {
        for (SearchParameterType type : SearchParameterType.values()) {
            if (type.code().equals(code)) {
                return type;
            }
        }
        throw new IllegalStateException("standard parameters: unknown type " + code);
    }

    private static String table() {
        try (InputStream in = StandardParameters.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + TABLE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
