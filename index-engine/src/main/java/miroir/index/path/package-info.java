/** FHIRPath expressions of search parameters, compiled into one tree per resource type and run in one pass over raw BSON.
 * Start with {@link miroir.index.path.CompiledPaths}; {@link miroir.index.path.PathCompiler} says whether an expression is
 * understood. */
@NullMarked
package miroir.index.path;

import org.jspecify.annotations.NullMarked;
