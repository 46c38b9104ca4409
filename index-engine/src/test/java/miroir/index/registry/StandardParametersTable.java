package miroir.index.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the table that {@link StandardParameters} reads from the search parameters of FHIR R4: one row per type and code
 * with the type's own part of the expression, of the description and of the targets.
 *
 * <p>Columns: type ({@code *}: every type, the expression then lacks its first step), code, search type, expression, id of
 * the definition, targets, components ({@code code type expression;…}), description.
 */
final class StandardParametersTable {
    private static final String SOURCE = "/org/hl7/fhir/r4/model/sp/search-parameters.json";
    private static final Pattern RESOLVED = Pattern.compile("resolve\\(\\) is (\\w+)\\)$");
    private static final String LANGUAGE = "*\t_language\ttoken\t.language\tResource-language\t\t\t"
            + "Language of the resource content\n"; // defined since R5 only, promised by R4's text on search

    private final Map<String, JsonNode> byUrl = new HashMap<>();
    private final Map<String, String> rows = new TreeMap<>();

    static String generate() {
        StandardParametersTable table = new StandardParametersTable();
        List<JsonNode> parameters = table.read();
        parameters.forEach(parameter -> table.byUrl.put(parameter.path("url").asText(), parameter));
        parameters.stream().filter(parameter -> parameter.has("expression")).forEach(table::add);
        return "#\tFHIR R4 search parameters, written by StandardParametersTable; do not edit\n"
                + LANGUAGE
                + String.join("", table.rows.values());
    }

    private List<JsonNode> read() {
        try (InputStream in = getClass().getResourceAsStream(SOURCE)) {
            return new ObjectMapper().readTree(in).path("entry").findValues("resource");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(JsonNode parameter) {
        for (JsonNode base : parameter.path("base")) {
            String type = base.asText();
            String row = String.join(
                    "\t",
                    type.equals("Resource") ? "*" : type,
                    parameter.path("code").asText(),
                    parameter.path("type").asText(),
                    expression(parameter, type),
                    parameter.path("url").asText().replace("http://hl7.org/fhir/SearchParameter/", ""),
                    targets(parameter, type),
                    components(parameter),
                    description(parameter, type));
            rows.put(
                    (type.equals("Resource") ? "" : type) + " "
                            + parameter.path("code").asText(),
                    row + "\n");
        }
    }

    /** The branches of a union that start at the type; {@code InsurancePlan-name} alone leaves the type out. */
    private static String expression(JsonNode parameter, String type) {
        String whole = parameter.path("expression").asText();
        if (type.equals("Resource")) {
            return whole.replaceFirst("^Resource", "");
        }
        Pattern ofType = Pattern.compile("\\(*" + type + "\\b.*");
        List<String> branches = branches(whole);
        List<String> own =
                branches.stream().filter(b -> ofType.matcher(b).matches()).toList();
        return own.isEmpty()
                ? branches.stream().map(b -> type + "." + b).collect(Collectors.joining(" | "))
                : String.join(" | ", own);
    }

    private static List<String> branches(String expression) {
        List<String> branches = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == '|' && depth == 0) {
                branches.add(expression.substring(start, i).trim());
                start = i + 1;
            }
        }
        branches.add(expression.substring(start).trim());
        return branches;
    }

    private static String targets(JsonNode parameter, String type) {
        Matcher resolved = RESOLVED.matcher(expression(parameter, type));
        if (resolved.find()) {
            return resolved.group(1);
        }
        List<String> targets = new ArrayList<>();
        parameter.path("target").forEach(target -> targets.add(target.asText()));
        return targets.contains("Resource") || targets.size() > 140 ? "" : String.join(",", targets);
    }

    private String components(JsonNode parameter) {
        List<String> components = new ArrayList<>();
        for (JsonNode component : parameter.path("component")) {
            JsonNode part = byUrl.get(component.path("definition").asText());
            if (part == null) {
                throw new IllegalStateException("no such parameter: " + component);
            }
            components.add(part.path("code").asText() + " " + part.path("type").asText() + " "
                    + component.path("expression").asText());
        }
        return String.join(";", components);
    }

    /** Descriptions of several types are lists such as {@code * [Patient](patient.html): …}, one line per type. */
    private static String description(JsonNode parameter, String type) {
        String whole = parameter.path("description").asText();
        for (String line : whole.split("[\r\n]+", -1)) {
            String start = "* [" + type + "](";
            if (line.startsWith(start)) {
                return line.substring(line.indexOf("): ") + 3).trim();
            }
        }
        return whole.replaceAll("\\s+", " ").trim();
    }
}
