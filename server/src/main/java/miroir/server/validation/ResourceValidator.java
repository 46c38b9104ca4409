package miroir.server.validation;

import java.util.List;
import java.util.Set;

/** Holds resources against the definitions of FHIR, and against profiles. Thread-safe. */
public interface ResourceValidator {
    /** The profiles that are known beside FHIR's own, by canonical URL, in order. */
    Set<String> profiles();

    /** Whether a resource can be held against this profile, which may have a version behind a bar. */
    boolean knows(String profile);

    /**
     * What is to be said of a resource: of its structure, of the profiles that it names itself, and of these.
     *
     * @param json as it is stored
     */
    List<Finding> findings(byte[] json, List<String> profiles);
}
