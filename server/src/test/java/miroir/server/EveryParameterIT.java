package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.generated.Proves;
import miroir.index.structure.Structures;
import miroir.server.ReferenceSearch.Criterion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every parameter of some types of R4 is advertised, and finds among a few resources of its type what its definition selects, by a
 * value that one of them has and by {@code :missing}. {@link DifferentialIT} asks all types.
 */
@Tag("long")
@ExtendWith(MongoExtension.class)
final class EveryParameterIT {
    private static final int GENERATED = 3;
    private static final int AT_ONCE = 100;
    private static final int TYPES = Integer.getInteger("miroir.types", 36);

    @Test
    @Proves("every advertised parameter and modifier works")
    void parameters_ofSomeTypes_findWhatTheirDefinitionsSelect(TestDatabase database, @TempDir Path folder)
            throws Exception {
        verify(database, folder, TYPES);
    }

    /** Of so many types, chosen at random. */
    static void verify(TestDatabase database, Path folder, int count) throws Exception {
        long seed = Long.getLong("miroir.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        Random random = new Random(seed);
        List<String> types = new ArrayList<>(Structures.r4().resourceTypes());
        types.remove("Parameters");
        Collections.shuffle(types, random);
        types = types.subList(0, Math.min(count, types.size()));
        List<String> differences = new ArrayList<>();
        int found = 0;
        try (DirectoryServer server =
                DirectoryServer.start(database, folder, withoutIndexes(folder), String.join(",", types), Map.of())) {
            fill(server, types, new ResourcesOfEveryType(random, types));
            RandomSearches searches = RandomSearches.on(server, server.metadata(), random);
            for (CapabilityStatementRestResourceComponent resource :
                    searches.metadata().getRestFirstRep().getResource()) {
                Map<String, DefinedParameter> defined = searchable(searches, resource.getType());
                differences.addAll(inOneOnly(resource, defined.keySet()));
                for (DefinedParameter parameter : defined.values()) {
                    List<Criterion> asked = criteria(searches, resource.getType(), parameter, random);
                    found += asked.size() - 1;
                    for (Criterion criterion : asked) {
                        differences.addAll(searches.difference(resource.getType(), List.of(criterion)));
                    }
                }
            }
        }
        assertThat(differences).as("seed %d, %d by values", seed, found).isEmpty();
        assertThat(found).isGreaterThan(8 * types.size());
    }

    /** Whether the value is missing, and a value where there is any. */
    private static List<Criterion> criteria(
            RandomSearches searches, String type, DefinedParameter parameter, Random random) {
        Criterion missing = new Criterion(parameter, "missing", List.of(String.valueOf(random.nextBoolean())));
        List<String> values = searches.queries().values(searches.storedOf(type), parameter, "");
        return values.isEmpty()
                ? List.of(missing)
                : List.of(missing, new Criterion(parameter, "", List.of(values.get(random.nextInt(values.size())))));
    }

    /** All but what leads into the entries of a Bundle: no fields are kept of these. */
    private static Map<String, DefinedParameter> searchable(RandomSearches searches, String type) {
        Map<String, DefinedParameter> defined = searches.parameters().of(type);
        defined.values().removeIf(parameter -> parameter.expression().startsWith("Bundle.entry"));
        return defined;
    }

    private static List<String> inOneOnly(CapabilityStatementRestResourceComponent resource, Set<String> defined) {
        Set<String> advertised =
                resource.getSearchParam().stream().map(each -> each.getName()).collect(Collectors.toSet());
        return Stream.concat(advertised.stream(), defined.stream())
                .filter(code -> advertised.contains(code) != defined.contains(code))
                .map(code -> resource.getType() + "." + code
                        + (defined.contains(code) ? " is not advertised" : " is not defined"))
                .toList();
    }

    /** The configuration as shipped; to make thousands of indexes for a few resources would take minutes. */
    private static Path withoutIndexes(Path folder) throws Exception {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Path search = Files.createDirectories(conf.resolve("search"));
        Path shipped = DirectoryServer.ROOT.resolve("conf");
        Files.copy(shipped.resolve("server.yaml"), conf.resolve("server.yaml"));
        try (Stream<Path> files = Files.list(shipped.resolve("search"))) {
            for (Path file :
                    files.filter(file -> !file.endsWith("indexes.yaml")).toList()) {
                Files.copy(file, search.resolve(file.getFileName()));
            }
        }
        Files.writeString(search.resolve("indexes.yaml"), "indexes: {default: {index: [], sort: []}}\n");
        return conf;
    }

    /** Some of the examples have not what the specification requires. */
    private static void fill(DirectoryServer server, List<String> types, ResourcesOfEveryType resources)
            throws Exception {
        List<String> entries = types.stream()
                .flatMap(type -> resources.of(type, GENERATED).stream())
                .map(ResourcesOfEveryType.Sent::entry)
                .toList();
        long written = 0;
        for (int i = 0; i < entries.size(); i += AT_ONCE) {
            written += server.batchOfSome(entries.subList(i, Math.min(i + AT_ONCE, entries.size())));
        }
        assertThat(written).isGreaterThan(entries.size() * 8 / 10);
    }
}
