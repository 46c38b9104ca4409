/** Patches: small changes of a resource that a client describes, in JSON Patch or in FHIRPath Patch, applied to BSON.
 * Start with {@link miroir.index.patch.Patch}. Values are never changed in place; a change makes the objects and arrays
 * on the way to it anew and shares everything else. */
@NullMarked
package miroir.index.patch;

import org.jspecify.annotations.NullMarked;
