package miroir.server.directory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.value.FoldedText;

/**
 * A name as somebody types it: words that have to be found, and what only makes one person more likely than another.
 *
 * @param words each of which has to be found
 * @param initials each of which a given name or a surname begins with
 * @param particles that are looked for, and not missed: {@code de la}
 * @param text all of it, folded
 */
public record AskedName(List<Word> words, List<String> initials, List<String> particles, String text) {
    private static final int MOST_WORDS = 8;
    private static final int LONGEST = 100;
    private static final Set<String> PARTICLES = Set.of(
            "de", "du", "des", "d'", "la", "le", "les", "l'", "van", "von", "den", "der", "el", "al", "ben", "da",
            "dos", "di", "del", "della");
    private static final Set<String> TITLES = Set.of(
            "dr",
            "docteur",
            "pr",
            "professeur",
            "m",
            "mr",
            "mme",
            "mlle",
            "monsieur",
            "madame",
            "mademoiselle",
            "maitre");

    public AskedName {
        words = List.copyOf(words);
        initials = List.copyOf(initials);
        particles = List.copyOf(particles);
    }

    /**
     * A word.
     *
     * @param text folded
     * @param wholes what a whole surname or given name may be that it is, or is the end of: {@code de la tour}
     * @param spellings how else it may be written
     */
    public record Word(String text, List<String> wholes, List<String> spellings) {
        public Word {
            wholes = List.copyOf(wholes);
            spellings = List.copyOf(spellings);
        }
    }

    /** The name that a parameter says. */
    static AskedName of(String parameter, String typed) {
        if (typed.length() > LONGEST) {
            throw refused(parameter + " has " + typed.length() + " characters; allowed are at most " + LONGEST);
        }
        List<String> tokens = new ArrayList<>();
        for (String token : typed.replace('.', ' ').replace(',', ' ').split("\\s+", -1)) {
            String folded = FoldedText.fold(token);
            if (!folded.isEmpty()) {
                tokens.add(folded);
            }
        }
        if (tokens.isEmpty()) {
            throw refused(parameter + " is empty; a name has a letter at least");
        }
        AskedName name = new Reading().of(withoutTitle(tokens));
        int words = name.words.size() + name.initials.size() + name.particles.size();
        if (words > MOST_WORDS) {
            throw refused(parameter + " has " + words + " words; allowed are at most " + MOST_WORDS);
        }
        return name;
    }

    /** Somebody may be called M, and nobody is called so alone. */
    private static List<String> withoutTitle(List<String> tokens) {
        return tokens.size() > 1 && TITLES.contains(tokens.get(0)) ? tokens.subList(1, tokens.size()) : tokens;
    }

    /** Whether a word, folded, belongs to what comes after it. */
    static boolean isParticle(String folded) {
        return PARTICLES.contains(folded);
    }

    private static Refusal refused(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }

    /** One name while it is read. */
    private static final class Reading {
        private final List<Word> words = new ArrayList<>();
        private final List<String> initials = new ArrayList<>();
        private final List<String> particles = new ArrayList<>();

        /** The particles that stand just before what comes next. */
        private final List<String> before = new ArrayList<>();

        AskedName of(List<String> tokens) {
            boolean onlyParticles = tokens.stream().allMatch(PARTICLES::contains);
            tokens.forEach(token -> read(token, onlyParticles));
            return new AskedName(words, initials, particles, String.join(" ", tokens));
        }

        private void read(String token, boolean onlyParticles) {
            if (PARTICLES.contains(token) && !onlyParticles) {
                particles.add(token);
                before.add(token);
                return;
            }
            for (String part : token.split(" ", -1)) {
                if (part.length() == 1) {
                    initials.add(part);
                } else {
                    words.add(word(part, token));
                }
                before.clear();
            }
        }

        private Word word(String part, String token) {
            Set<String> wholes = new LinkedHashSet<>(List.of(part, token));
            Set<String> spellings = new LinkedHashSet<>();
            if (!before.isEmpty()) {
                wholes.add(String.join(" ", before) + " " + token);
                spellings.add(String.join("", before) + part);
                spellings.add(before.get(before.size() - 1) + part);
            }
            if (part.contains("'")) {
                spellings.add(part.replace("'", " "));
                spellings.add(part.replace("'", ""));
            }
            return new Word(part, List.copyOf(wholes), List.copyOf(spellings));
        }
    }
}
