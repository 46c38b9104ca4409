package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
final class MeasureDiskIT {
    @Test
    void disk_ofTheDatabase_hasASizeAndRoom(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test)) {
            assertThat(store.disk()).hasValueSatisfying(disk -> {
                assertThat(disk.total()).isGreaterThan(1L << 30);
                assertThat(disk.free()).isBetween(0L, disk.total());
            });
        }
    }
}
