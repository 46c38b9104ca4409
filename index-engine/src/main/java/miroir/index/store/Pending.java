package miroir.index.store;

import java.util.Optional;

/** Tells which search parameters cannot be searched yet. */
@FunctionalInterface
public interface Pending {

    /** Why a type cannot be searched by a parameter yet, in a sentence with figures; empty where it can. */
    Optional<String> why(String type, String code);

    /** Where everything can be searched. */
    static Pending nothing() {
        return (type, code) -> Optional.empty();
    }
}
