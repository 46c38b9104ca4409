package miroir.simulator.query;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * One parameter of a search: one of its values must be found.
 *
 * @param modifier empty where there is none; one that the real directory does not know is ignored, as it does
 */
record Criterion(Parameter parameter, String modifier, List<String> values) {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    boolean holds(BsonDocument resource) {
        boolean found = values.stream().anyMatch(value -> isFound(resource, value));
        return (parameter.type() == Parameter.Type.TOKEN && modifier.equals("not")) != found;
    }

    private boolean isFound(BsonDocument resource, String value) {
        AtomicBoolean found = new AtomicBoolean();
        parameter
                .paths()
                .forEach(path -> FindElements.under(
                        resource, path, element -> found.compareAndSet(false, matches(element, value))));
        return found.get();
    }

    private boolean matches(BsonValue element, String value) {
        return switch (parameter.type()) {
            case STRING -> element instanceof BsonString text && matchesText(text.getValue(), value);
            case TOKEN -> matchesToken(element, value);
            case REFERENCE ->
                element instanceof BsonDocument reference
                        && reference.containsKey("reference")
                        && idOf(reference.getString("reference").getValue()).equals(idOf(value));
            case URI, DATE ->
                element instanceof BsonString text && text.getValue().equals(value);
        };
    }

    private boolean matchesText(String text, String value) {
        return switch (modifier) {
            case "exact" -> text.equals(value);
            case "contains" -> folded(text).contains(folded(value));
            default -> folded(text).startsWith(folded(value));
        };
    }

    private static boolean matchesToken(BsonValue element, String value) {
        if (element instanceof BsonDocument one && one.get("coding") instanceof BsonArray codings) {
            return codings.stream().anyMatch(coding -> matchesToken(coding, value));
        }
        if (element instanceof BsonDocument one) {
            return matchesToken(text(one, "system"), text(one, one.containsKey("code") ? "code" : "value"), value);
        }
        return element instanceof BsonBoolean flag
                ? matchesToken("http://hl7.org/fhir/ValueSet/special-values", String.valueOf(flag.getValue()), value)
                : element instanceof BsonString code && matchesToken("", code.getValue(), value);
    }

    private static boolean matchesToken(String system, String code, String value) {
        int bar = value.indexOf('|');
        String wantedSystem = value.substring(0, Math.max(0, bar));
        String wantedCode = value.substring(bar + 1);
        return (wantedSystem.isEmpty() || wantedSystem.equals(system))
                && (wantedCode.equals(code) || (wantedCode.isEmpty() && bar > 0));
    }

    private static String text(BsonDocument element, String name) {
        return element.get(name) instanceof BsonString text ? text.getValue() : "";
    }

    static String idOf(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static String folded(String text) {
        return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }
}
