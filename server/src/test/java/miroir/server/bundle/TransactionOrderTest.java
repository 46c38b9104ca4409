package miroir.server.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

final class TransactionOrderTest {
    private static final String BY_CRITERIA =
            "{resourceType: 'PractitionerRole', practitioner: {reference:" + " 'Practitioner?identifier=1'}}";
    private static final String PLAIN = "{resourceType: 'PractitionerRole', availabilityExceptions: 'A?b'}";

    @Test
    void of_allVerbs_isThatOfTheSpecification_andWhatRefersByCriteriaIsWrittenLast() {
        assertThat(TransactionOrder.of(List.of(
                        entry(0, "GET", "PractitionerRole", ""),
                        entry(1, "PUT", "PractitionerRole/1", BY_CRITERIA),
                        entry(2, "PATCH", "PractitionerRole/2", ""),
                        entry(3, "POST", "PractitionerRole", BY_CRITERIA),
                        entry(4, "POST", "PractitionerRole", PLAIN),
                        entry(5, "POST", "PractitionerRole/_search?a=b", ""),
                        entry(6, "HEAD", "PractitionerRole/1", ""),
                        entry(7, "PUT", "PractitionerRole/3", PLAIN),
                        entry(8, "DELETE", "PractitionerRole/4", ""))))
                .extracting(BundleEntry::index)
                .containsExactly(8, 4, 2, 7, 3, 1, 0, 5, 6);
    }

    private static BundleEntry entry(int index, String method, String url, String resource) {
        return new BundleEntry(
                index, "", method, url, Map.of(), resource.isEmpty() ? null : RawBsonDocument.parse(resource), null);
    }
}
