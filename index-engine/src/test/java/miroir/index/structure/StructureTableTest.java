package miroir.index.structure;

import miroir.index.generated.GeneratedFile;
import org.junit.jupiter.api.Test;

/** The one place where the definitions themselves are read: a second of work that keeps the committed table true. */
final class StructureTableTest {
    @Test
    void table_isWhatTheGeneratorMakes() {
        GeneratedFile.at("index-engine/src/main/resources/miroir/index/structure/r4.tsv")
                .assertIs(StructureTable.generate());
    }
}
