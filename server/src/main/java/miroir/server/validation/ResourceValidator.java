package miroir.server.validation;

import java.util.List;
import java.util.Set;

/**
 * Holds resources against the definitions of FHIR, and against profiles. Thread-safe. A thread that is interrupted ends as soon as that is
 * possible.
 */
public interface ResourceValidator {
    /** The profiles of packages, by canonical URL, in order. */
    Set<String> profiles();

    /**
     * What is to be said of a resource: of its structure, of the profiles that it names itself, and of these; and which of them are not known.
     *
     * @param json as it is stored
     * @param profiles by canonical URL, which may have a version behind a bar
     */
    List<Finding> findings(byte[] json, List<String> profiles);
}
