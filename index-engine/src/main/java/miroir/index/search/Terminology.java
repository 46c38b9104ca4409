package miroir.index.search;

import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** What is known of value sets and code systems; what is not known is refused by name. */
public interface Terminology {

    /**
     * The codes in a value set.
     *
     * @param name its canonical URL, with or without {@code |version}, or {@code ValueSet/[id]}
     */
    List<SystemCodes> valueSet(String name);

    /** Whether there is a value set of that name. */
    boolean hasValueSet(String name);

    /** How many codes one query may be about, whatever it names. */
    int mostCodes();

    /** The code itself and all that it subsumes. */
    Set<String> below(String system, String code);

    /** The code itself and all that subsume it. */
    Set<String> above(String system, String code);

    /** The codes that people call by these words, in all code systems that are known. */
    List<SystemCodes> labelled(String words);

    /**
     * Codes of one system.
     *
     * @param system empty: codes without one
     * @param codes null: all that the system may have
     */
    record SystemCodes(String system, @Nullable Set<String> codes) {
        public SystemCodes {
            codes = codes == null ? null : Set.copyOf(codes);
        }
    }

    /** One that knows nothing. */
    static Terminology none() {
        return new Terminology() {
            @Override
            public List<SystemCodes> valueSet(String name) {
                throw unknown(name);
            }

            @Override
            public boolean hasValueSet(String name) {
                return false;
            }

            @Override
            public int mostCodes() {
                return 0;
            }

            @Override
            public Set<String> below(String system, String code) {
                throw unknown(system);
            }

            @Override
            public Set<String> above(String system, String code) {
                throw unknown(system);
            }

            @Override
            public List<SystemCodes> labelled(String words) {
                return List.of();
            }

            private Refusal unknown(String name) {
                return new Refusal(Refusal.Reason.INVALID, "\"" + Refusal.shown(name) + "\" is not known here");
            }
        };
    }
}
