package miroir.index.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Systems of codes and identifiers that go by other names as well, such as those that an earlier version of the directory used: who asks for one means both.
 *
 * @param byAlias what an alias stands for
 */
public record SameSystems(Map<String, String> byAlias) {
    /** Says that those of the directory are meant. */
    private static final String OF_DIRECTORY = "directory";

    private static final String NONE = "none";

    private static final String STANDS_FOR = " = ";

    /** What version 1 of the directory's API called them, and what version 2 does. */
    private static final SameSystems DIRECTORY = new SameSystems(Map.of(
            "http://rpps.fr", "https://rpps.esante.gouv.fr",
            "http://finess.sante.gouv.fr", "https://finess.esante.gouv.fr",
            "https://annuaire.sante.fr", "https://rppsrang.esante.gouv.fr",
            "http://interopsante.org/CodeSystem/v2-0203", "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203",
            "http://interopsante.org/CodeSystem/fr-v2-0203",
                    "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203",
            "http://interopsante.org/fhir/CodeSystem/fr-v2-3307",
                    "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-3307"));

    public SameSystems {
        byAlias = Map.copyOf(byAlias);
    }

    public static SameSystems none() {
        return new SameSystems(Map.of());
    }

    /** Those of lines {@code alias = system}, those of the directory, which nothing means as well, or none; an IllegalArgumentException says which line is none. */
    public static SameSystems of(List<String> lines) {
        if (lines.isEmpty()) {
            return DIRECTORY;
        }
        if (lines.equals(List.of(NONE))) {
            return none();
        }
        Map<String, String> byAlias = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.equals(OF_DIRECTORY)) {
                byAlias.putAll(DIRECTORY.byAlias);
                continue;
            }
            String[] parts = line.split(STANDS_FOR, -1);
            if (parts.length != 2
                    || Stream.of(parts).anyMatch(String::isBlank)
                    || parts[0].strip().equals(parts[1].strip())
                    || byAlias.containsKey(parts[0].strip())
                    || byAlias.containsKey(parts[1].strip())
                    || byAlias.containsValue(parts[0].strip())) {
                throw new IllegalArgumentException(
                        "\"" + line
                                + "\" is none; allowed is [alias] = [system], each alias once, where the system is no alias itself");
            }
            byAlias.put(parts[0].strip(), parts[1].strip());
        }
        return new SameSystems(byAlias);
    }

    /** The name that is no alias. */
    public String current(String system) {
        return byAlias.getOrDefault(system, system);
    }

    /** All names of a system, itself among them. */
    List<String> of(String system) {
        String current = current(system);
        if (!byAlias.containsValue(current)) {
            return List.of(current);
        }
        return Stream.concat(
                        Stream.of(current),
                        byAlias.entrySet().stream()
                                .filter(each -> each.getValue().equals(current))
                                .map(Map.Entry::getKey)
                                .sorted())
                .toList();
    }
}
