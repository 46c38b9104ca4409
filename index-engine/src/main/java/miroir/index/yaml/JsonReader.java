package miroir.index.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into the same nodes as YAML. */
final class JsonReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(30)
                    .maxDocumentLength(1_000_000)
                    .build())
            .build();

    private final String file;

    JsonReader(String file) {
        this.file = file;
    }

    YamlNode read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            YamlNode node = value(parser, "", line(parser));
            if (parser.nextToken() != null) {
                throw new ConfigurationRefused(file + ":" + line(parser), "not JSON: something follows the document");
            }
            return node;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ConfigurationRefused(file + ":" + line, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private YamlNode value(JsonParser parser, String path, int line) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new ConfigurationRefused(file + ":1", "not JSON: the file is empty");
        }
        return switch (token) {
            case START_OBJECT -> new YamlNode(file, line, path, new YamlNode.Mapping(entries(parser, path)));
            case START_ARRAY -> new YamlNode(file, line, path, new YamlNode.Sequence(items(parser, path)));
            case VALUE_NULL -> new YamlNode(file, line, path, new YamlNode.Scalar(""));
            default -> new YamlNode(file, line, path, new YamlNode.Scalar(parser.getText()));
        };
    }

    private Map<String, YamlNode> entries(JsonParser parser, String path) throws IOException {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int line = line(parser);
            parser.nextToken();
            entries.put(key, value(parser, path.isEmpty() ? key : path + "." + key, line));
        }
        return Collections.unmodifiableMap(entries);
    }

    private List<YamlNode> items(JsonParser parser, String path) throws IOException {
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, path + "[" + items.size() + "]", line(parser)));
        }
        return List.copyOf(items);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
