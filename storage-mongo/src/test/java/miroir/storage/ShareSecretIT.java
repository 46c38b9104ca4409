package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class ShareSecretIT {

    @Test
    void sharedSecret_isTheSameForAllAndRandomByName(TestDatabase database) {
        try (MongoResourceStore one = OpenStores.ready(database);
                MongoResourceStore other = OpenStores.ready(database)) {
            List<byte[]> together = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> (i % 2 == 0 ? one : other).sharedSecret("page-links"))
                    .toList();

            assertThat(together).allMatch(secret -> secret.length == 32).containsOnly(together.get(0));
            assertThat(one.sharedSecret("page-links")).isEqualTo(together.get(0));
            assertThat(one.sharedSecret("something else")).isNotEqualTo(together.get(0));
        }
    }
}
