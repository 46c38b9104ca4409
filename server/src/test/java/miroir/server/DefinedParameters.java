package miroir.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import ca.uhn.fhir.context.FhirContext;
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
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.SearchParameter;
import org.hl7.fhir.r4.model.SearchParameter.SearchParameterComponentComponent;

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
        parameters.readDefinitions(FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, text(R4)));
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

    private void readDefinitions(Bundle bundle) {
        List<SearchParameter> definitions = bundle.getEntry().stream()
                .map(entry -> (SearchParameter) entry.getResource())
                .filter(SearchParameter::hasExpression)
                .toList();
        Map<String, SearchParameter> byUrl =
                definitions.stream().collect(Collectors.toMap(SearchParameter::getUrl, each -> each));
        for (SearchParameter definition : definitions) {
            DefinedParameter parameter = parameter(definition, byUrl);
            definition.getBase().forEach(base -> add(base.getCode(), parameter));
        }
    }

    private static DefinedParameter parameter(SearchParameter definition, Map<String, SearchParameter> byUrl) {
        return new DefinedParameter(
                definition.getCode(),
                definition.getType(),
                understood(definition.getExpression()),
                targets(definition),
                parts(definition, byUrl));
    }

    /** One composite has the expressions of its two parts the wrong way round: by the letter it finds nothing. */
    private static List<DefinedParameter> parts(SearchParameter definition, Map<String, SearchParameter> byUrl) {
        List<DefinedParameter> parts = definition.getComponent().stream()
                .map(component -> part(component, byUrl))
                .toList();
        return definition.getId().endsWith(SWAPPED)
                ? List.of(
                        parts.get(0).at(parts.get(1).expression()),
                        parts.get(1).at(parts.get(0).expression()))
                : parts;
    }

    private static DefinedParameter part(
            SearchParameterComponentComponent component, Map<String, SearchParameter> byUrl) {
        SearchParameter definition =
                Objects.requireNonNull(byUrl.get(component.getDefinition()), component.getDefinition());
        return parameter(definition, byUrl).at(understood(component.getExpression()));
    }

    private static Set<String> targets(SearchParameter definition) {
        Set<String> targets =
                definition.getTarget().stream().map(PrimitiveType::getValueAsString).collect(Collectors.toSet());
        return targets.contains(EVERY_TYPE) ? Set.of() : targets;
    }

    /** R4 writes {@code as} where there may be several values, which FHIRPath refuses, and one type with a capital that it does not have. */
    private static String understood(String expression) {
        return expression
                .replaceAll("\\(([\\w.]+) as (\\w+)\\)", "$1.ofType($2)")
                .replaceAll("\\.as\\((\\w+)\\)", ".ofType($1)")
                .replace("ofType(DateTime)", "ofType(dateTime)");
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
