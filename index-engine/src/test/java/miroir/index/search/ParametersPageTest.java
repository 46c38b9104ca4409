package miroir.index.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.generated.GeneratedFile;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import org.junit.jupiter.api.Test;

/** Writes {@code docs/api/parameters.md} from the registry of the directory's types, as it is shipped. */
class ParametersPageTest {
    private static final Set<String> TYPES = new LinkedHashSet<>(
            List.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device"));

    @Test
    void page_isWhatTheRegistrySays() {
        SearchParameterRegistry registry = RegistryLoader.load(TYPES, shippedConfiguration());

        GeneratedFile.at("docs/api/parameters.md")
                .assertIs(HEAD
                        + TYPES.stream().map(type -> section(registry, type)).collect(Collectors.joining()));
    }

    private static final String HEAD = """
            # Search parameters of the directory's types

            Written by `ParametersPageTest` from the registry that is shipped (`conf/search/`); do not edit. Every other type of
            FHIR R4 has the parameters of the specification; `GET /fhir/metadata` lists those of a running server. What the forms
            and modifiers mean is on the page of [search](search-type.md).

            A parameter without an index is searched all the same, in time that grows with the data; together with an indexed one
            it costs nothing. Every type is sorted by `_id`, `_lastUpdated` and what `sort` lists in
            [indexes.yaml](../../conf/search/indexes.yaml) from an index; by any other parameter, but for composites, where there are at most
            10,000 matches to sort.
            """;

    private static String section(SearchParameterRegistry registry, String type) {
        return "\n## " + type + "\n\n| parameter | type | modifiers | index | sort | |\n|---|---|---|---|---|---|\n"
                + registry.of(type).stream()
                        .filter(Modifiers::searchable)
                        .map(ParametersPageTest::row)
                        .collect(Collectors.joining());
    }

    private static String row(SearchParameter parameter) {
        Stream<String> modifiers = Stream.concat(Modifiers.of(parameter).stream(), parameter.targets().stream());
        return "| `" + parameter.code() + "` | "
                + parameter.searchType().code() + " | "
                + modifiers.map(modifier -> "`:" + modifier + "`").collect(Collectors.joining(" ")) + " | "
                + (parameter.indexed() ? "yes" : "–") + " | "
                + (parameter.sortable() ? "yes" : "–") + " | "
                + parameter.description().replace("|", "\\|") + " |\n";
    }

    private static List<ConfigurationText> shippedConfiguration() {
        Path folder = Path.of(System.getProperty("miroir.root", "..")).resolve("conf/search");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(ParametersPageTest::text)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConfigurationText text(Path file) {
        try {
            return new ConfigurationText(String.valueOf(file.getFileName()), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
