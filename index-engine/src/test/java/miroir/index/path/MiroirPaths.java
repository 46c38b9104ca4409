package miroir.index.path;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.bson.RawBsonDocument;

/** What our own walk selects, in the same shape as {@link HapiPaths}. */
final class MiroirPaths {
    private final SearchParameterRegistry registry;
    private final Map<String, CompiledPaths> compiled = new HashMap<>();

    MiroirPaths(SearchParameterRegistry registry) {
        this.registry = registry;
    }

    Map<String, Set<String>> select(String type, RawBsonDocument resource) {
        List<SearchParameter> parameters = registry.of(type);
        Map<String, Set<String>> selected = new TreeMap<>();
        for (SearchParameter parameter : parameters) {
            if (parameter.components().isEmpty()) {
                selected.put(parameter.code(), new TreeSet<>());
            }
            parameter.components().forEach(part -> selected.put(parameter.code() + "$" + part.code(), new TreeSet<>()));
        }
        compiled.computeIfAbsent(type, t -> CompiledPaths.of(t, parameters))
                .select(
                        resource,
                        new Collecting(
                                parameters,
                                (code, text) -> Objects.requireNonNull(selected.get(code))
                                        .add(text)));
        return selected;
    }

    private record Collecting(List<SearchParameter> parameters, BiConsumer<String, String> add) implements Selection {
        @Override
        public void select(Capture capture, RawValue value) {
            SearchParameter parameter = parameters.get(capture.slot());
            CompiledPaths components = capture.components();
            if (components == null) {
                add.accept(parameter.code(), shown(value));
                return;
            }
            components.select(
                    value,
                    (part, inner) -> add.accept(
                            parameter.code() + "$"
                                    + parameter.components().get(part.slot()).code(),
                            shown(inner)));
        }

        @Override
        public void select(Capture capture, boolean outcome) {
            add.accept(parameters.get(capture.slot()).code(), String.valueOf(outcome));
        }

        private static String shown(RawValue value) {
            if (value.get("resourceType") != null) {
                return value.text("resourceType") + "/" + value.text("id");
            }
            if (value.isDocument()) {
                int length = RawBytes.int32(value.bytes(), value.at());
                return SelectedJson.of(new RawBsonDocument(value.bytes(), value.at(), length));
            }
            BigDecimal number = value.number();
            if (number != null) {
                return SelectedJson.number(number);
            }
            String text = value.text();
            return text != null ? text : String.valueOf(value.truth());
        }
    }
}
