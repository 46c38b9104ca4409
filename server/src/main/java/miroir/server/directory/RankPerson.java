package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Says how well somebody who was found fits what was asked.
 *
 * <p>Problem: {@code jean martin} finds Jean Martin, Martin Jean, Jean-Luc Martinet and, with an error, Jean Martins, in the order in
 * which they were stored. Whoever typed it expects the first person of a page to be the one who is called so, and a page after it to go
 * on where the first ended.
 *
 * <p>Approach: a few whole numbers that are compared one after the other, so that anybody can say why somebody comes before somebody
 * else. Each asked word takes the word of the name that is most like it, exact ones first, so that none is taken twice. The worst of
 * the words decides the level: exact, then beginnings, then surname and given name in each other's place, then one typing error. Within a
 * level: words of both names before words of one; a place and an organization met by one role before by two; then the small things: words of the
 * surname that nobody asked for, a second given name instead of the first, a particle or an initial that is not there. Who is alike in all of it is
 * told apart by surname, given names and id, as in a printed directory.
 *
 * <p>Cost: a few microseconds for each candidate, of which there are at most {@code search.maximumRanked} at once.
 *
 * <p>Why not weights of rare words (BM25), or a likeness of letters (Jaro-Winkler): they give a number that nobody can check, the rarest name would beat
 * the right one, and a directory that is loaded anew would sort otherwise. Why not in the database: it cannot sort by what is
 * computed without reading all that is found, which this does once, and without a second copy of the names.
 */
public final class RankPerson {
    private static final int NOT_THERE = 2;

    private final AskedPerson asked;

    public RankPerson(AskedPerson asked) {
        this.asked = asked;
    }

    /**
     * How well this one fits.
     *
     * @param place 0 where one role meets all that is asked of places, 1 where its town has more letters, 2 where it takes several roles
     * @param nearPlace whether the place was found by a typing error
     */
    public Rank of(RawBsonDocument practitioner, String id, int place, boolean nearPlace) {
        PersonName name = PersonName.of(practitioner);
        Judgement judgement = judge(name);
        Likeness level = nearPlace ? judgement.level().or(Likeness.ONE_ERROR) : judgement.level();
        return new Rank(level, judgement.apart(), place, judgement.details(), name.sorted(), id);
    }

    /** What there is to say of a name. */
    private record Judgement(Likeness level, int apart, int details) {
        private static final Judgement FITS = new Judgement(Likeness.EXACT, 0, 0);

        Judgement and(Judgement other) {
            return new Judgement(level.or(other.level), Math.max(apart, other.apart), details + other.details);
        }

        /** The better one. */
        Judgement orElse(Judgement other) {
            int levels = level.compareTo(other.level);
            return levels < 0 || (levels == 0 && details <= other.details) ? this : other;
        }
    }

    private Judgement judge(PersonName name) {
        Judgement all = asked.name() == null ? Judgement.FITS : anywhere(asked.name(), name);
        if (asked.family() == null && asked.given() == null) {
            return all;
        }
        Judgement straight = parts(asked.family(), asked.given(), name);
        Judgement swapped = parts(asked.given(), asked.family(), name).and(new Judgement(Likeness.SWAPPED, 0, 0));
        boolean maySwap = asked.family() != null && asked.given() != null;
        return all.and(maySwap ? straight.orElse(swapped) : straight);
    }

    private static Judgement parts(@Nullable AskedName family, @Nullable AskedName given, PersonName name) {
        Judgement judgement = Judgement.FITS;
        if (family != null) {
            Taken taken = new Taken(name.familyWords(), name.families(), 0).all(family);
            judgement = judgement.and(new Judgement(taken.level, 0, taken.details + taken.left(0, taken.words.size())));
        }
        if (given != null) {
            Taken taken = new Taken(name.givenWords(), name.given(), 0).all(given);
            judgement = judgement.and(new Judgement(taken.level, 0, taken.details + taken.left(0, 1)));
        }
        return judgement;
    }

    private static Judgement anywhere(AskedName asked, PersonName name) {
        List<String> families = name.familyWords();
        List<String> words = new ArrayList<>(families);
        words.addAll(name.givenWords());
        List<String> wholes = new ArrayList<>(name.families());
        wholes.addAll(name.given());
        Taken taken = new Taken(words, wholes, families.size()).all(asked);
        int several = asked.words().size() + asked.initials().size();
        boolean both = taken.left(0, families.size()) < families.size()
                && taken.left(families.size(), words.size()) < words.size() - families.size();
        int firstGiven =
                several > 1 && words.size() > families.size() ? taken.left(families.size(), families.size() + 1) : 0;
        return new Judgement(
                taken.level, several > 1 && !both ? 1 : 0, taken.details + taken.left(0, families.size()) + firstGiven);
    }

    /** The words of a name, each of which stands for one that was asked, at most. */
    private static final class Taken {
        private final List<String> words;
        private final List<String> wholes;
        private final int firstGiven;
        private final boolean[] used;
        private Likeness level = Likeness.EXACT;
        private int details;

        Taken(List<String> words, List<String> wholes, int firstGiven) {
            this.words = words;
            this.wholes = wholes;
            this.firstGiven = firstGiven;
            this.used = new boolean[words.size()];
        }

        Taken all(AskedName asked) {
            asked.particles().forEach(particle -> details += take(particle) ? 0 : 1);
            List<AskedName.Word> open = new ArrayList<>(asked.words());
            for (Likeness likeness : List.of(Likeness.EXACT, Likeness.BEGINNING, Likeness.ONE_ERROR)) {
                open.removeIf(word -> take(word, likeness));
            }
            for (AskedName.Word word : open) {
                level = level.or(Likeness.ofWholes(word, wholes));
            }
            asked.initials().forEach(initial -> details += takeInitial(initial) ? 0 : NOT_THERE);
            return this;
        }

        private boolean take(AskedName.Word asked, Likeness likeness) {
            for (int i = 0; i < used.length; i++) {
                if (!used[i] && Likeness.of(asked, words.get(i)) == likeness) {
                    used[i] = true;
                    level = level.or(likeness);
                    details += likeness == Likeness.EXACT ? 0 : 1;
                    return true;
                }
            }
            return false;
        }

        private boolean take(String particle) {
            int at = words.indexOf(particle);
            if (at >= 0) {
                used[at] = true;
            }
            return at >= 0;
        }

        private boolean takeInitial(String initial) {
            return takeInitial(initial, firstGiven, used.length) || takeInitial(initial, 0, firstGiven);
        }

        private boolean takeInitial(String initial, int from, int to) {
            for (int i = from; i < to; i++) {
                if (!used[i] && words.get(i).startsWith(initial)) {
                    used[i] = true;
                    return true;
                }
            }
            return false;
        }

        /** How many between these nobody asked for. */
        int left(int from, int to) {
            int left = 0;
            for (int i = from; i < Math.min(to, used.length); i++) {
                left += used[i] ? 0 : 1;
            }
            return left;
        }
    }
}
