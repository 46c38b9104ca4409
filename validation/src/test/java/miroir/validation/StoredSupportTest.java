package miroir.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ca.uhn.fhir.context.FhirContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import miroir.server.validation.StoredDefinitions;
import org.bson.RawBsonDocument;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain.CacheConfiguration;
import org.junit.jupiter.api.Test;

final class StoredSupportTest {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final String URL = "http://example.org/";

    private final AtomicInteger looks = new AtomicInteger();

    private StoredSupport support(Function<String, Optional<RawBsonDocument>> find) {
        StoredDefinitions store = new StoredDefinitions() {
            @Override
            public Optional<RawBsonDocument> find(String type, String canonical) {
                looks.incrementAndGet();
                return find.apply(canonical);
            }

            @Override
            public Instant present() {
                return Instant.EPOCH;
            }

            @Override
            public boolean isUnchangedSince(Instant present) {
                return true;
            }
        };
        return new StoredSupport(CONTEXT, List.of(), store, 1 << 20);
    }

    private static RawBsonDocument valueSet(String url) {
        return RawBsonDocument.parse("{resourceType: 'ValueSet', url: '" + url + "'}");
    }

    @Test
    void fetch_ofTheSame_looksOnce() {
        StoredSupport support = support(url -> url.endsWith("none") ? Optional.empty() : Optional.of(valueSet(url)));

        assertThat(support.fetchValueSet(URL)).isNotNull().isSameAs(support.fetchValueSet(URL));
        assertThat(support.fetchValueSet(URL + "none")).isNull();
        assertThat(support.fetchValueSet(URL + "none")).isNull();
        assertThat(looks).hasValue(2);
    }

    @Test
    void fetch_ofALongCanonical_doesNotLook() {
        StoredSupport support = support(url -> Optional.of(valueSet(url)));

        assertThat(support.fetchValueSet(URL + "x".repeat(1000))).isNull();
        assertThat(looks).hasValue(0);
    }

    @Test
    void fetch_whileAnotherTakesLong_doesNotWaitForThat() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        StoredSupport support = support(url -> {
            if (url.endsWith("slow")) {
                begun.countDown();
                await(end);
            }
            return Optional.empty();
        });
        DefinitionsChain chain = new DefinitionsChain(CacheConfiguration.defaultValues(), support, List.of(support));
        CompletableFuture<Boolean> slow =
                CompletableFuture.supplyAsync(() -> chain.fetchStructureDefinition(URL + "slow") == null);
        begun.await();

        assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> assertThat(chain.fetchStructureDefinition(URL)).isNull());
        assertThat(support.isFull()).isFalse();
        assertThat(slow).isNotDone();
        end.countDown();
        assertThat(slow.get()).isTrue();
    }

    @Test
    void fetch_whereTheStoreFails_isRemembered() {
        IllegalStateException failure = new IllegalStateException("x");
        StoredSupport support = support(url -> {
            throw failure;
        });
        support.requireAnswers();

        assertThatThrownBy(() -> support.fetchCodeSystem(URL)).isSameAs(failure);
        assertThatThrownBy(support::requireAnswers).isSameAs(failure);
        assertThat(support.isFull()).isTrue();
        assertThat(support.fetchCodeSystem(URL)).isNull();
    }

    @Test
    void fetch_ofMoreThanThereIsRoomFor_saysSo() {
        StoredSupport support = support(url -> Optional.of(valueSet(url + "x".repeat(400_000))));

        assertThat(support.fetchValueSet(URL + 1)).isNotNull();
        assertThat(support.fetchValueSet(URL + 2)).isNotNull();
        assertThat(support.isFull()).isFalse();
        assertThat(support.fetchValueSet(URL + 3)).isNull();
        assertThat(support.isFull()).isTrue();
        assertThat(support.unusable()).containsOnlyKeys(URL + 3);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
