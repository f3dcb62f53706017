//! Classes that the `worker` crate exports to JavaScript and that the Worker's entry does not use.
//!
//! Whatever is exported is kept, with all that it calls: a tenth of the Worker. So the exports go, and wasm-opt and
//! esbuild then drop what nothing refers to any more.

use anyhow::Result;
use wasm_bindgen_cli_support::Output;

/// The names of the classes, as JavaScript has them.
pub struct UnusedClasses(Vec<String>);

impl UnusedClasses {
    /// Finds the classes of `glue`, which wasm-bindgen generated, that `entry` does not name.
    pub fn find(glue: &str, entry: &str) -> Self {
        let class = |line: &str| {
            let declaration = line.strip_prefix("export ").unwrap_or(line);
            let name = declaration.strip_prefix("class ")?.strip_suffix(" {")?;
            (!entry.contains(name)).then(|| name.to_owned())
        };
        Self(glue.lines().filter_map(class).collect())
    }

    /// Deletes the functions of these classes from the exports: `__wbg_CLASS_free`, `__wbg_get_CLASS_FIELD`,
    /// `__wbg_set_CLASS_FIELD` and `CLASS_METHOD`, CLASS being in lower case.
    pub fn delete_exports(&self, output: &mut Output) -> Result<()> {
        let prefixes: Vec<String> = self.0.iter().map(|class| format!("{}_", class.to_lowercase())).collect();
        let belongs = |export: &str| {
            let function = ["__wbg_get_", "__wbg_set_", "__wbg_"]
                .iter()
                .find_map(|prefix| export.strip_prefix(prefix))
                .unwrap_or(export);
            prefixes.iter().any(|prefix| function.starts_with(prefix))
        };
        let exports = &mut output.wasm_mut().exports;
        let unused: Vec<String> =
            exports.iter().map(|export| &export.name).filter(|name| belongs(name)).cloned().collect();
        for name in unused {
            exports.remove(&name)?;
        }
        Ok(())
    }

    /// The glue without the statements that keep esbuild from dropping the classes:
    /// `if (Symbol.dispose) CLASS.prototype[Symbol.dispose] = …`.
    pub fn delete_side_effects(&self, glue: &str) -> String {
        let keeps = |line: &&str| {
            let class = line.strip_prefix("if (Symbol.dispose) ").and_then(|rest| rest.split('.').next());
            class.is_none_or(|class| !self.0.iter().any(|unused| unused == class))
        };
        glue.lines().filter(keeps).flat_map(|line| [line, "\n"]).collect()
    }
}
