package miroir.index.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import miroir.index.generated.GeneratedFile;
import miroir.index.structure.FhirXml.Node;
import org.junit.jupiter.api.Test;

/** The one place where the definitions themselves are read: a second of work that keeps the committed table true. */
final class StructureTableTest {
    @Test
    void table_isWhatTheGeneratorMakes() {
        GeneratedFile.at("index-engine/src/main/resources/miroir/index/structure/r4.tsv")
                .assertIs(StructureTable.generate());
    }

    /** What XML has as attributes is a rule in the code and not a column of the table. */
    @Test
    void attributes_areTheIdsOfElementsAndTheUrlOfExtensions() {
        Set<String> attributes = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        for (String file : Set.of("profiles-types.xml", "profiles-resources.xml")) {
            FhirXml.forEachResource(StructureTable.PROFILES + file, definition -> collect(definition, attributes, ids));
        }

        assertThat(ids).hasSizeGreaterThan(500);
        ids.add("Extension.url");
        assertThat(attributes).isEqualTo(ids);
    }

    private static void collect(Node definition, Set<String> attributes, Set<String> ids) {
        if (!definition.name().equals("StructureDefinition")
                || definition.text("kind").equals("primitive-type")
                || definition.text("derivation").equals("constraint")
                || definition.text("name").equals("MetadataResource")) {
            return;
        }
        boolean resource = definition.text("kind").equals("resource");
        for (Node element : definition.all("snapshot").get(0).all("element")) {
            String path = element.text("path");
            if (element.all("representation").stream()
                    .anyMatch(how -> how.value().equals("xmlAttr"))) {
                attributes.add(path);
            }
            if (path.endsWith(".id") && !(resource && path.indexOf('.') == path.lastIndexOf('.'))) {
                ids.add(path);
            }
        }
    }
}
