#!/usr/bin/env python3
"""config/quickstart and tests/run: only what costs no build. Run: python3 tests/scenario/test_quickstart.py"""
import os, subprocess, unittest

from glaneur import DONE, HERE, WRONG_USE

ROOT = os.path.join(HERE, "..", "..")


class Quickstart(unittest.TestCase):
    def run_script(self, *args, cwd="/"):
        return subprocess.run([os.path.join(ROOT, "config", "quickstart"), *args], cwd=cwd, capture_output=True, text=True, timeout=60)

    def test_help(self):
        result = self.run_script("--help")
        self.assertEqual((result.returncode, result.stderr), (DONE, ""))
        self.assertIn("config/quickstart --no-serve", result.stdout)
        self.assertIn("GLANEUR_LISTEN", result.stdout)

    def test_wrong_option(self):
        for args in (("--serve",), ("x",), ("--noserve",)):
            result = self.run_script(*args)
            self.assertEqual(result.returncode, WRONG_USE, args)
            self.assertIn("--no-serve", result.stdout + result.stderr)

    def test_scripts_are_sound(self):
        for script in ("config/quickstart", "config/install-packages", "tests/run", ".ci/run"):
            path = os.path.join(ROOT, script)
            self.assertTrue(os.access(path, os.X_OK), script)
            self.assertEqual(subprocess.run(["sh", "-n", path], timeout=60).returncode, 0, script)


if __name__ == "__main__":
    unittest.main()
