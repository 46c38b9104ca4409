package miroir.server.validation;

import java.nio.file.Path;
import java.util.List;

/** How a validator is made: the service that the optional part provides. To load this class touches nothing of the library. */
public interface MakeValidator {
    /**
     * Makes one, which takes seconds.
     *
     * @param packages NPM packages of FHIR, as files
     */
    ResourceValidator run(List<Path> packages);
}
