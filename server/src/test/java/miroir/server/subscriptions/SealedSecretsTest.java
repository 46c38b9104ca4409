package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

final class SealedSecretsTest {
    private final SealedSecrets secrets = new SealedSecrets(() -> new byte[32]);

    private static Subscribed subscribed(String owner, String endpoint) {
        return ReadSubscription.of(
                new ResourceKey("Subscription", "s"),
                1,
                Instant.EPOCH,
                BsonDocument.parse(
                        "{resourceType: 'Subscription', status: 'off', criteria: 'Organization', extension: [{url: '"
                                + ReadSubscription.OWNER + "', valueString: '" + owner
                                + "'}], channel: {type: 'rest-hook', endpoint: '" + endpoint + "'}}"));
    }

    private static String purpose(String owner, String endpoint) {
        return SealedSecrets.purpose(subscribed(owner, endpoint), "authorization");
    }

    @Test
    void sealed_isOpenedForTheSameOwnerAndHostOnly_andSealedTheSameEachTime() {
        String purpose = purpose("consumer/a", "https://a.example/x");
        String sealed = secrets.close("Bearer abc", purpose);

        assertThat(SealedSecrets.isSealed(sealed)).isTrue();
        assertThat(sealed).doesNotContain("abc").isEqualTo(secrets.close("Bearer abc", purpose));
        assertThat(secrets.open(sealed, purpose)).isEqualTo("Bearer abc");
        assertThat(secrets.open(sealed, purpose("consumer/a", "https://a.example/y")))
                .isEqualTo("Bearer abc");
        assertThat(secrets.open(sealed, purpose("consumer/b", "https://a.example/x")))
                .isNull();
        assertThat(secrets.open(sealed, purpose("consumer/a", "https://b.example/x")))
                .isNull();
        assertThat(new SealedSecrets(() -> new byte[] {1}).open(sealed, purpose))
                .isNull();
        for (String forged : new String[] {"sealed:", "sealed:AAAA", "sealed:*", sealed + "A"}) {
            assertThat(secrets.open(forged, purpose)).isNull();
        }
    }

    @Test
    void consent_isOfTheseTermsForThatOwner_onThisDatabase() {
        Subscribed mine = subscribed("consumer/a", "https://a.example/x");
        String consent = secrets.consent(mine, "consumer/a");

        assertThat(secrets.isAgreedTo(mine)).isFalse();
        assertThat(consent)
                .isNotEqualTo(secrets.consent(mine, "consumer/b"))
                .isNotEqualTo(secrets.consent(subscribed("consumer/a", "https://a.example/y"), "consumer/a"))
                .isNotEqualTo(new SealedSecrets(() -> new byte[] {1}).consent(mine, "consumer/a"));
    }
}
