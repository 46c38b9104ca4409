package miroir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankPersonTest {
    /** Each list in the order that is expected; surname, then given names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jean martin      | MARTIN/Jean, MARTIN/Jean/Luc, MARTIN-DUBOIS/Jean, JEAN MARTIN/Paul, MARTINEZ/Jean, MARTINS/Jeanne",
                "martin           | MARTIN/Anne, MARTIN/Zoé, MARTIN-DUBOIS/Anne, MARTINEZ/Anne",
                "de la tour anne  | DE LA TOUR/Anne, TOUR/Anne, TOURNIER/Anne",
                "anne delatour    | DELATOUR/Anne, DELATOURE/Anne",
                "j. martin        | MARTIN/Jean, MARTIN/Anne/Julie, MARTIN/Anne",
                "le goff yann     | LE GOFF/Yann, LEGOFF/Yann, GOFFIN/Yann",
                "mratin jean      | MRATIN/Jean, MARTIN/Jean",
            })
    void names_areInOrder(String asked, String expected) {
        assertOrder(new RankPerson(AskedPerson.of(asked, null, null)), expected);
    }

    @Test
    void surnameAndGivenName_inEachOthersPlace_comeBehindBeginnings() {
        assertOrder(
                new RankPerson(AskedPerson.of(null, "paul", "pierre")),
                "PAUL/Pierre, PAUL/Pierrette, PAULE/Pierre, PIERRE/Paul");
    }

    private static void assertOrder(RankPerson rank, String expected) {
        List<String> names = List.of(expected.split(", ", -1));
        List<String> mixed = new ArrayList<>(names);
        java.util.Collections.reverse(mixed);
        List<String> ranked = mixed.stream()
                .sorted((one, other) -> rank(rank, one).compareTo(rank(rank, other)))
                .toList();
        assertThat(ranked).isEqualTo(names);
    }

    private static Rank rank(RankPerson rank, String name) {
        return rank.of(practitioner(name), name, 0, false);
    }

    private static RawBsonDocument practitioner(String name) {
        List<String> parts = List.of(name.split("/", -1));
        String given = String.join("\",\"", parts.subList(1, parts.size()));
        return new RawBsonDocument(
                BsonDocument.parse("{resourceType:\"Practitioner\",name:[{family:\"" + parts.get(0) + "\",given:[\""
                        + given + "\"]}]}"),
                new BsonDocumentCodec());
    }

    @Test
    void score_isInTheOrderOfTheRanks_andBetweenZeroAndOne() {
        List<Rank> ranks = Stream.of(Likeness.values())
                .flatMap(level -> Stream.of(0, 1)
                        .flatMap(apart -> Stream.of(0, 1, 2)
                                .flatMap(place -> Stream.of(0, 5, 50)
                                        .map(details -> new Rank(level, apart, place, details, "", "")))))
                .toList();

        assertThat(ranks).isSorted();
        assertThat(ranks).extracting(Rank::score).isSortedAccordingTo((one, other) -> other.compareTo(one));
        assertThat(ranks.get(0).score()).isEqualByComparingTo("1");
        assertThat(ranks.get(ranks.size() - 1).score()).isPositive();
    }

    @Test
    void ties_areToldApartByNameAndId() {
        RankPerson rank = new RankPerson(AskedPerson.of(null, null, null));

        assertThat(rank.of(practitioner("A/B"), "1", 0, false)).isLessThan(rank.of(practitioner("A/C"), "0", 0, false));
        assertThat(rank.of(practitioner("A/B"), "1", 0, false)).isLessThan(rank.of(practitioner("A/B"), "2", 0, false));
        assertThat(rank.of(practitioner("B/B"), "1", 0, false)).isLessThan(rank.of(practitioner("A/B"), "1", 1, false));
    }
}
