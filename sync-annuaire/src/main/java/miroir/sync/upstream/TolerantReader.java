package miroir.sync.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.json.ResourceReader;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Reads resources of servers that are not quite right. What FHIR allows is read as it is, by the strict reader, which is
 * nearly all. Only where that refuses is the resource gone through a second time, and what has no meaning in FHIR is
 * brought into its form: a {@code versionId} that is a number becomes text; null, in an array without a twin of extensions or as the
 * value of an element, and what is empty are left out. Each is counted. What is wrong beyond that is refused.
 */
public final class TolerantReader {
    private static final JsonFactory JSON = new JsonFactory();

    private final ResourceReader strict;
    private final Oddities oddities;

    public TolerantReader(ResourceReader strict, Oddities oddities) {
        this.strict = strict;
        this.oddities = oddities;
    }

    /** A number, as it is written. */
    private record Digits(String text) {}

    /** The resource, or a {@link Refusal}. */
    public RawBsonDocument read(byte[] json) {
        try {
            return strict.read(json);
        } catch (Refusal refusal) {
            byte[] normal = normalised(json);
            if (normal == null) {
                throw refusal;
            }
            return strict.read(normal);
        }
    }

    private byte @Nullable [] normalised(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, Object> resource = object(parser);
            if (resource.get("meta") instanceof Map<?, ?> meta && meta.get("versionId") instanceof Digits) {
                oddities.count("numeric versionId");
                versionAsText(resource, meta);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 16);
            try (JsonGenerator generator = JSON.createGenerator(out)) {
                write(generator, resource);
            }
            return out.toByteArray();
        } catch (IOException e) {
            return null;
        }
    }

    private static void versionAsText(Map<String, Object> resource, Map<?, ?> meta) {
        Map<String, Object> changed = new LinkedHashMap<>();
        meta.forEach((name, value) -> changed.put(
                String.valueOf(name),
                name.equals("versionId") && value instanceof Digits digits ? digits.text() : value));
        resource.put("meta", changed);
    }

    private Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        for (String name : List.copyOf(object.keySet())) {
            if (object.get(name) instanceof List<?> list && !hasTwin(object, name)) {
                object.put(name, list.stream().filter(each -> !isNothing(each)).toList());
            }
        }
        object.values().removeIf(this::isNothing);
        return object;
    }

    /** {@code line} and {@code _line}: a null in one stands for what the other has there. */
    private static boolean hasTwin(Map<String, Object> object, String name) {
        return object.containsKey(name.startsWith("_") ? name.substring(1) : "_" + name);
    }

    private boolean isNothing(Object value) {
        if (value == Nothing.NULL) {
            oddities.count("null");
            return true;
        }
        boolean empty = (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof String text && text.isEmpty());
        if (empty) {
            oddities.count("empty element");
        }
        return empty;
    }

    /** Stands for null, which maps and lists are better off without. */
    private enum Nothing {
        NULL
    }

    private Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> Nothing.NULL;
            default -> new Digits(parser.getText());
        };
    }

    private List<Object> array(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object each : list) {
                write(out, each);
            }
            out.writeEndArray();
        } else if (value instanceof Digits digits) {
            out.writeNumber(digits.text());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value == Nothing.NULL) {
            out.writeNull();
        } else {
            out.writeString((String) value);
        }
    }
}
