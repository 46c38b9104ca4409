package miroir.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

/**
 * What the reference searches by: R4's parameters, as the definitions say that come with HAPI, and those that a server of
 * the directory has beside them, which are written down a second time in {@code more-parameters.tsv}.
 */
final class DefinedParameters {
    private static final String R4 = "/org/hl7/fhir/r4/model/sp/search-parameters.json";
    private static final String SWAPPED = "DocumentReference-relationship";
    private static final String EVERY_TYPE = "Resource";

    /** By type and code. */
    private final Map<String, Map<String, DefinedParameter>> all = new HashMap<>();

    private DefinedParameters() {}

    static DefinedParameters load() {
        DefinedParameters parameters = new DefinedParameters();
        parameters.readDefinitions(BsonDocument.parse(text(R4)));
        text("more-parameters.tsv")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .forEach(parameters::readLine);
        return parameters;
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(DefinedParameters.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readDefinitions(BsonDocument bundle) {
        List<BsonDocument> definitions = documents(bundle, "entry")
                .map(entry -> entry.getDocument("resource"))
                .filter(definition -> definition.containsKey("expression"))
                .toList();
        Map<String, BsonDocument> byUrl =
                definitions.stream().collect(Collectors.toMap(each -> text(each, "url"), each -> each));
        for (BsonDocument definition : definitions) {
            DefinedParameter parameter = parameter(definition, byUrl);
            texts(definition, "base").forEach(base -> add(base, parameter));
        }
    }

    private static DefinedParameter parameter(BsonDocument definition, Map<String, BsonDocument> byUrl) {
        return new DefinedParameter(
                text(definition, "code"),
                SearchParamType.fromCode(text(definition, "type")),
                understood(text(definition, "expression")),
                targets(definition),
                parts(definition, byUrl));
    }

    /** One composite has the expressions of its two parts the wrong way round: by the letter it finds nothing. */
    private static List<DefinedParameter> parts(BsonDocument definition, Map<String, BsonDocument> byUrl) {
        List<DefinedParameter> parts = documents(definition, "component")
                .map(component -> part(component, byUrl))
                .toList();
        return text(definition, "id").equals(SWAPPED)
                ? List.of(
                        parts.get(0).at(parts.get(1).expression()),
                        parts.get(1).at(parts.get(0).expression()))
                : parts;
    }

    private static DefinedParameter part(BsonDocument component, Map<String, BsonDocument> byUrl) {
        String url = text(component, "definition");
        BsonDocument definition = Objects.requireNonNull(byUrl.get(url), url);
        return parameter(definition, byUrl).at(understood(text(component, "expression")));
    }

    private static Set<String> targets(BsonDocument definition) {
        Set<String> targets = texts(definition, "target").collect(Collectors.toSet());
        return targets.contains(EVERY_TYPE) ? Set.of() : targets;
    }

    private static String text(BsonDocument document, String name) {
        return document.getString(name).getValue();
    }

    private static Stream<String> texts(BsonDocument document, String name) {
        return document.getArray(name, new BsonArray()).stream()
                .map(each -> each.asString().getValue());
    }

    private static Stream<BsonDocument> documents(BsonDocument document, String name) {
        return document.getArray(name, new BsonArray()).stream().map(BsonValue::asDocument);
    }

    /**
     * R4 writes {@code as} where there may be several values, which FHIRPath refuses, and one type with a wrong capital. And where a value is missing HAPI
     * takes that for another one than false, while FHIRPath has nothing to compare.
     */
    private static String understood(String expression) {
        return expression
                .replaceAll("\\(([\\w.]+) as (\\w+)\\)", "$1.ofType($2)")
                .replaceAll("\\.as\\((\\w+)\\)", ".ofType($1)")
                .replace("ofType(DateTime)", "ofType(dateTime)")
                .replace("deceased != false", "deceased.where(hasValue()) != false");
    }

    private void readLine(String[] cells) {
        DefinedParameter parameter =
                new DefinedParameter(cells[1], SearchParamType.fromCode(cells[2]), cells[3], Set.of(), List.of());
        Stream.of(cells[0].split(",", -1)).forEach(type -> add(type, parameter));
    }

    private void add(String type, DefinedParameter parameter) {
        all.computeIfAbsent(type, any -> new TreeMap<>()).put(parameter.code(), parameter);
    }

    Optional<DefinedParameter> find(String type, String code) {
        return Stream.of(type, EVERY_TYPE)
                .map(each -> all.getOrDefault(each, Map.of()).get(code))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** All that can be searched by, those of every type included, by code. */
    Map<String, DefinedParameter> of(String type) {
        Map<String, DefinedParameter> searchable = new TreeMap<>(all.getOrDefault(EVERY_TYPE, Map.of()));
        searchable.putAll(all.getOrDefault(type, Map.of()));
        searchable.values().removeIf(parameter -> parameter.kind() == SearchParamType.SPECIAL);
        return searchable;
    }
}
