package miroir.server.costs;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.structure.Structures;
import miroir.index.xml.ValidResource;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * Resources of types that the directory does not have, with what only these have: numbers, quantities, composites, canonicals,
 * displays that are searched, value sets and a hierarchy of codes. A few are written as anybody would, the rest are copies of these in
 * the database.
 */
final class OtherResources {
    /** Those that are asked for by their parameters. */
    static final Set<String> ASKED =
            new LinkedHashSet<>(List.of("Observation", "RiskAssessment", "Condition", "Encounter", "ValueSet"));

    /** Those that are there for what leads to them. */
    private static final List<String> LED_TO = List.of("CodeSystem", "Questionnaire", "QuestionnaireResponse");

    private static final int MODELS = 48;

    /** The first two of a type are there once: what is looked up by its url should be one. */
    private static final int SINGLE = 2;

    private static final int AT_ONCE = 1_000;

    /** What no query can ask for, or no reader of numbers takes, and what stands there instead. */
    private static final Map<String, String> ODD = Map.of(
            "1234567890123456789012345678901234", "12.50",
            "9.99E-80", "0.0999",
            "é漢😀\u2028\uFFFD", "Émilie",
            "a\\nb\\tc\\r", "Martin",
            "\\\"<&>'\\\\]]>", "Bernard",
            " in spaces ", "Durand",
            "\u00a0&nbsp;&#1;", "Petitjean");

    private static final Pattern REFERENCE = Pattern.compile("\"reference\":\"(?:[^\"\\\\]|\\\\.)*\"");

    /** To what references lead. */
    static final List<String> TARGETS = List.of(
            "Patient", "Practitioner", "Organization", "Group", "Device", "Location", "Encounter", "Observation");

    /** Above all positions that the store gives out meanwhile. */
    private static final long FIRST_POSITION = 1_000_000_000L;

    private static final String RESOURCES = """
            resources:
              - name: Condition
                searchParams:
                  - {name: code, searchType: token, resourcePaths: [code], text: true}
            """;

    private OtherResources() {}

    static Set<String> types() {
        Set<String> types = new LinkedHashSet<>(ASKED);
        types.addAll(LED_TO);
        return types;
    }

    /**
     * What has an index: everything for which there is room, or what the directory has nothing like, and whatever may refer to it.
     *
     * @param directory its types
     */
    static ConfigurationText configuration(Set<String> directory, boolean everything) {
        StringBuilder indexes = new StringBuilder("indexes:\n");
        SearchParameterRegistry standard = RegistryLoader.load(types(), List.of());
        types().forEach(type -> indexes.append("  ")
                .append(type)
                .append(": {index: ")
                .append(
                        everything
                                ? "all"
                                : Stream.concat(few(type), referring(standard, type, directory))
                                        .toList()
                                        .toString())
                .append("}\n"));
        return new ConfigurationText("other.yaml", RESOURCES + indexes);
    }

    private static Stream<String> referring(SearchParameterRegistry standard, String type, Set<String> directory) {
        return standard.of(type).stream()
                .filter(each -> each.searchType() == SearchParameterType.REFERENCE)
                .filter(each ->
                        each.targets().isEmpty() || each.targets().stream().anyMatch(directory::contains))
                .map(SearchParameter::code);
    }

    private static Stream<String> few(String type) {
        return switch (type) {
            case "Observation" ->
                Stream.of(
                        "code",
                        "value-quantity",
                        "component-value-quantity",
                        "value-date",
                        "code-value-quantity",
                        "code-value-concept",
                        "code-value-string",
                        "code-value-date",
                        "component-code-value-quantity");
            case "RiskAssessment" -> Stream.of("probability");
            case "Condition" -> Stream.of("code", "onset-age");
            case "Encounter" -> Stream.of("length", "location-period");
            case "ValueSet" ->
                Stream.of("url", "version", "context-quantity", "context-type-quantity", "context-type-value");
            case "Questionnaire" -> Stream.of("url", "version", "title", "status");
            case "QuestionnaireResponse" -> Stream.of("questionnaire", "status", "identifier");
            default -> Stream.of("url", "version");
        };
    }

    static void load(ResourceStore store, TestDatabase database, int count) {
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        for (String type : types()) {
            for (int i = 0; i < (type.equals("CodeSystem") ? 1 : MODELS); i++) {
                ResourceKey key = new ResourceKey(type, "m" + i);
                String json = "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}".formatted(type, key.id(), content(type, i));
                store.put(
                        Caller.everyone(),
                        key,
                        reader.read(json.getBytes(StandardCharsets.UTF_8)),
                        Precondition.none());
            }
        }
        try (MongoClient client = MongoClients.create(database.uri())) {
            for (String type : types()) {
                if (ASKED.contains(type) || type.equals("QuestionnaireResponse")) {
                    multiply(client.getDatabase(database.name()).getCollection(type, BsonDocument.class), type, count);
                }
            }
        }
    }

    /** Valid ones of any type, made by chance. */
    static void loadAny(ResourceStore store, TestDatabase database, Set<String> types, int count, Random random) {
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        ValidResource valid = new ValidResource(random);
        try (MongoClient client = MongoClients.create(database.uri())) {
            for (String type : types) {
                for (int i = 0; i < MODELS; i++) {
                    ResourceKey key = new ResourceKey(type, "m" + i);
                    store.put(
                            Caller.everyone(),
                            key,
                            reader.read(
                                    askable(valid.json(type, key.id()), random).getBytes(StandardCharsets.UTF_8)),
                            Precondition.none());
                }
                multiply(client.getDatabase(database.name()).getCollection(type, BsonDocument.class), type, count);
            }
        }
    }

    private static String askable(String json, Random random) {
        String askable = json;
        for (Map.Entry<String, String> odd : ODD.entrySet()) {
            askable = askable.replace(odd.getKey(), odd.getValue());
        }
        return REFERENCE
                .matcher(askable)
                .replaceAll(any -> "\"reference\":\"" + TARGETS.get(random.nextInt(TARGETS.size())) + "/m"
                        + random.nextInt(MODELS) + "\"");
    }

    private static void multiply(MongoCollection<BsonDocument> current, String type, int count) {
        List<BsonDocument> models = current.find(Filters.gt("n", 0)).into(new ArrayList<>());
        models.removeIf(
                model -> Integer.parseInt(model.getString("_id").getValue().substring(1)) < SINGLE);
        List<BsonDocument> copies = new ArrayList<>();
        for (int i = MODELS; i < count; i++) {
            copies.add(copy(models.get(i % models.size()), type, i));
            if (copies.size() == AT_ONCE || i == count - 1) {
                current.insertMany(copies);
                copies.clear();
            }
        }
    }

    private static BsonDocument copy(BsonDocument model, String type, int number) {
        BsonDocument copy = model.clone();
        String id = "m" + number;
        copy.put("_id", new BsonString(id));
        copy.put("n", new BsonInt64(FIRST_POSITION + number));
        copy.put("t_id", new BsonString(id));
        copy.put("t_fid", new BsonString(type + "/" + id));
        return copy;
    }

    // --- what they say

    /** What most have, what some have, and what one of the models has. */
    private static String code(int i) {
        return i == 7 ? "rare" : i % 5 == 0 ? "some" : "common";
    }

    private static String content(String type, int i) {
        return switch (type) {
            case "Observation" -> observation(i);
            case "RiskAssessment" -> """
                "status":"final","subject":{"reference":"Patient/p%d"},"method":%s,
                "prediction":[{"probabilityDecimal":0.%03d,"qualitativeRisk":%s}]""".formatted(i % 50, concept(code(i)), i, concept(code(i)));
            case "Condition" -> """
                "subject":{"reference":"Patient/p%d"},"code":%s,"severity":%s,"onsetAge":%s""".formatted(i % 50, concept(code(i)), concept(code(i)), quantity(i, "a"));
            case "Encounter" -> """
                "status":"finished","class":{"system":"urn:codes","code":"%s"},"length":%s,
                "location":[{"location":{"reference":"Location/l%d"},"period":%s}],"period":%s""".formatted(code(i), quantity(i, "min"), i % 9, period(i), period(i));
            case "ValueSet" -> valueSet(i);
            case "CodeSystem" -> """
                "status":"active","url":"urn:codes","content":"complete","concept":[{"code":"all","concept":[
                {"code":"common"},{"code":"some","concept":[{"code":"rare"}]}]}]""";
            case "Questionnaire" -> """
                "status":"active","url":"http://example.org/q/%d","version":"%d","title":"%s\"""".formatted(i / 2, i % 2, i < SINGLE ? "Single" : "Other " + i);
            default -> """
                "status":"%s","identifier":{"system":"urn:answers","value":"a%d"},"questionnaire":"http://example.org/q/%d%s\"""".formatted(i == 7 ? "stopped" : "completed", i, i / 2, i % 3 == 0 ? "" : "|" + i % 2);
        };
    }

    private static String observation(int i) {
        String value = switch (i % 4) {
            case 0 -> "\"valueQuantity\":" + quantity(i, "mm");
            case 1 -> "\"valueCodeableConcept\":" + concept("value-" + code(i));
            case 2 -> "\"valueString\":\"Text " + i + "\"";
            default -> "\"valueDateTime\":\"" + day(i) + "\"";
        };
        return """
                "status":"final","code":%s,"subject":{"reference":"Patient/p%d"},"effectiveDateTime":"%s",%s,
                "component":[{"code":%s,"valueQuantity":%s}]""".formatted(concept(code(i)), i % 50, day(i), value, concept(code(i)), quantity(i, "mm"));
    }

    private static String valueSet(int i) {
        String value = i % 2 == 0
                ? "\"valueCodeableConcept\":" + concept("value-" + code(i))
                : "\"valueQuantity\":" + quantity(i, "a");
        return """
                "status":"active","url":"http://example.org/vs/%d","version":"%d","useContext":[{"code":{"system":"urn:codes","code":"%s"},%s}],
                "compose":{"include":[{"system":"urn:codes","concept":[{"code":"%s"}]}]}""".formatted(i, i % 3, code(i), value, i == 0 ? "common" : "rare");
    }

    private static String concept(String code) {
        return "{\"coding\":[{\"system\":\"urn:codes\",\"code\":\"%s\",\"display\":\"Shown as %s\"}]}"
                .formatted(code, code);
    }

    private static String quantity(int i, String unit) {
        return "{\"value\":%d.5,\"system\":\"http://unitsofmeasure.org\",\"code\":\"%s\"}".formatted(i, unit);
    }

    private static String period(int i) {
        return "{\"start\":\"%s\",\"end\":\"%s\"}".formatted(day(i), day(i));
    }

    private static String day(int i) {
        return "20%02d-%02d-%02d".formatted(i % 25, 1 + i % 12, 1 + i % 28);
    }
}
