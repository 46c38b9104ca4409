package miroir.simulator;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * How a resource looks at some moment of its life.
 *
 * @param id its technical id, which is not for ever
 * @param active false leaves the stub that the directory keeps of what is deactivated
 * @param version of {@code meta}
 * @param updated {@code meta.lastUpdated}; null for when it was first loaded
 * @param revision 0 as first made up; every other number has other cards, mailboxes, phones, functions
 * @param changedOn the day of the authority's last change, null where none was
 * @param references the ids that it knows others by
 */
public record Appearance(
        Kind kind,
        long number,
        String id,
        boolean active,
        int version,
        @Nullable Instant updated,
        int revision,
        @Nullable LocalDate changedOn,
        References references) {

    /** The id of a resource, as whoever refers to it knows it. */
    @FunctionalInterface
    public interface References {
        String id(Kind kind, long number);
    }

    /** As first loaded, in a world where no id ever changed. */
    static Appearance first(Kind kind, long number, boolean active) {
        return new Appearance(
                kind, number, Identifiers.id(kind, number, 0), active, 1, null, 0, null, Appearance::firstId);
    }

    private static String firstId(Kind kind, long number) {
        return Identifiers.id(kind, number, 0);
    }

    /** What stays as it is made up whatever changes: who it is, and what follows from that. */
    Dice fixed(long seed) {
        return new Dice(seed, kind, number);
    }

    /** What a revision throws anew. */
    Dice changing(long seed, Dice fixed) {
        return revision == 0 ? fixed : new Dice(seed + 0x5DEECE66DL * revision, kind, number);
    }

    String reference(Kind target, long targetNumber) {
        return references.id(target, targetNumber);
    }
}
