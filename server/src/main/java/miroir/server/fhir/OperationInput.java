package miroir.server.fhir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.format.SentParameters;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** What an operation is asked: in the URL, or in a Parameters resource, or in both. A value is a text, or a data type such as a Coding. */
final class OperationInput {
    private final List<String> allowed;
    private final Map<String, List<BsonValue>> values = new LinkedHashMap<>();

    private OperationInput(List<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * Reads what a request has; names that are not among these are refused.
     *
     * @param body empty: there is none
     */
    static OperationInput of(FhirRequest request, byte[] body, BodyReader reader, Room room, List<String> allowed) {
        OperationInput input =
                new OperationInput(Stream.concat(allowed.stream(), FhirRequest.FOR_EVERY_INTERACTION.stream())
                        .toList());
        for (QueryParameter parameter : PageLinks.withoutFormat(request.query())) {
            input.add(parameter.name(), new BsonString(parameter.value()));
        }
        if (body.length > 0) {
            room.forBody(request, body);
            SentParameters.of(reader.read(request, body)).forEach(input::add);
        }
        return input;
    }

    private void add(BsonDocument parameter) {
        BsonValue name = parameter.get("name");
        String text = name != null && name.isString() ? name.asString().getValue() : "";
        BsonValue value = parameter.entrySet().stream()
                .filter(element -> element.getKey().startsWith("value"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        require(text);
        if (value == null) {
            throw invalid("the parameter \"" + Refusal.shown(text) + "\" has no value");
        }
        add(text, value);
    }

    private void add(String name, BsonValue value) {
        require(name);
        values.computeIfAbsent(name, each -> new ArrayList<>()).add(value);
    }

    private void require(String name) {
        if (!allowed.contains(name)) {
            throw invalid("the parameter \"" + Refusal.shown(name) + "\" means nothing here; "
                    + NearestName.hint(Refusal.shown(name), allowed));
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether a parameter is given without a text, as a field is that nobody has typed into. */
    boolean isBlank(String name) {
        BsonValue value = one(name);
        return value != null && value.isString() && value.asString().getValue().isBlank();
    }

    /** The value of a parameter that is given once at most; null where it is not. */
    private @Nullable BsonValue one(String name) {
        List<BsonValue> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw invalid(name + " is given " + given.size() + " times; allowed is once");
        }
        return given.isEmpty() ? null : given.get(0);
    }

    /** The text of a parameter; null where it is not given. */
    @Nullable
    String text(String name) {
        BsonValue value = one(name);
        if (value == null) {
            return null;
        }
        String text = asText(value);
        if (text == null || text.isBlank()) {
            throw invalid(name + " has no text");
        }
        return text;
    }

    /** The same of one that may be repeated. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (BsonValue value : values.getOrDefault(name, List.of())) {
            String text = asText(value);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static @Nullable String asText(BsonValue value) {
        if (value.isString()) {
            return value.asString().getValue();
        }
        if (value.isBoolean()) {
            return String.valueOf(value.asBoolean().getValue());
        }
        return value.isInt32() ? String.valueOf(value.asInt32().getValue()) : null;
    }

    boolean truth(String name) {
        String text = text(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw invalid(name + "=" + Refusal.shown(text) + "; allowed: true, false");
        }
        return "true".equals(text);
    }

    /** A whole number from 0 on. */
    int number(String name, int otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw invalid(name + "=" + Refusal.shown(text) + " is no whole number from 0 on");
        }
        return Integer.parseInt(text);
    }

    /** A data type; null where it is not given. */
    @Nullable
    BsonDocument complex(String name) {
        BsonValue value = one(name);
        if (value != null && !value.isDocument()) {
            throw invalid(name + " is sent in a Parameters resource, with POST");
        }
        return value == null ? null : value.asDocument();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
