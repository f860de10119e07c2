"""What the commands of a CMake project ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, Signal, ToolUse, VendoredCopy
from backlit.scanners import _cmake_arguments as arguments_of, _cmake_walk, _when
from backlit.scanners._cmake_walk import Asked, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backlit.model.signal import Finding


class Project(_cmake_walk.Walk):
    """One project."""

    def __init__(self, paths: frozenset[str], kept: Mapping[str, str], standing: Confidence) -> None:
        super().__init__(paths, kept)
        self.reads = frozenset(_READ)
        self._standing = standing
        self._packages: set[str] = set()
        self._linked: list[Asked] = []
        self._fetches: set[str] = set()

    def findings(self, start: str = "CMakeLists.txt") -> Iterator[Finding]:
        """Give all that it asks for; `start` is the file that CMake begins with."""
        for item in list(self.enter(start, Place(start, start.rpartition("/")[0]))):
            yield self._judged(item) if isinstance(item, Asked) else item
        for item in self._linked:
            if item.signal.name not in self.targets and item.probe not in self._packages:
                yield from self._own_or_linked(item.signal)

    def _own_or_linked(self, signal: Signal) -> Iterator[Signal]:
        """Give a linked name, unless it is likely a target of a project that is fetched."""
        if not self._fetches or signal.sense is not NameKind.LINK:
            yield signal
        elif signal.name.lower().removeprefix("lib") not in self._fetches:
            yield signal._replace(confidence=min(signal.confidence, Confidence.MEDIUM, key=_ORDER.index))

    def read(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        """Give what one command asks for."""
        yield from _READ[place.command.name](self, texts, place)

    def _judged(self, asked: Asked) -> Signal:
        """Say whether the build can do without, now that all tests are known."""
        signal, probe = asked
        if signal.required is Required.UNKNOWN and probe:
            if probe.upper() in self.fatal:
                return signal._replace(required=Required.YES)
            if probe.upper() in self.tested:
                return signal._replace(required=Required.OPTIONAL)
        return signal

    # ------------------------------------------------------------ what it is

    def _project(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding]:
        if texts:
            self.values.replace("PROJECT_NAME", texts[:1])
        named, said = arguments_of.languages(texts)
        for name in named:
            sure = self._standing if place.when.holds else Confidence.LOW
            if not said and sure is Confidence.HIGH:
                # CMake takes both where none is named.
                sure = Confidence.MEDIUM
            detail = f"project({texts[0]} ... {name})" if said else f"project({texts[0]}) names no languages"
            yield LanguageUse(arguments_of.LANGUAGES[name], place.where, detail, confidence=sure)

    def _enable(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding]:
        sure = self._standing if place.when.holds and "OPTIONAL" not in texts else Confidence.LOW
        for name in texts:
            if name in arguments_of.LANGUAGES:
                where, detail = place.where, f"enable_language({name})"
                yield LanguageUse(arguments_of.LANGUAGES[name], where, detail, confidence=sure)

    # ------------------------------------------------------------ packages

    def _package(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        request = arguments_of.package(texts)
        if request is None:
            return
        name = request.name
        self._packages.add(name)
        if tool := arguments_of.TOOLS.get(name):
            yield self._tool(tool, place, f"find_package({name})", required=request.required)
        if (
            self.makes(name)
            or name in arguments_of.TOOLS
            or arguments_of.IS_OF_PYTHON.fullmatch(name)
            or name in arguments_of.OF_COMPILER
        ):
            return
        said = Required.YES if request.required else Required.UNKNOWN
        signal = self._signal(NameKind.CMAKE, name, Kind.QUERIED, place, said)
        if name in arguments_of.FOR_TESTS or place.is_whole:
            # What a module looks for to find all of a library is what that library needs.
            signal = signal._replace(confidence=Confidence.LOW)
        yield Asked(signal._replace(version=request.version), name)
        module = self.modules.get(f"Find{name}.cmake")
        if module is not None:
            self.values.replace(f"{name}_FIND_COMPONENTS", request.components)
            needed = signal.required is Required.YES
            when = place.when if needed else _when.both(place.when, _when.UNKNOWN)
            yield from self.enter(
                module,
                place._replace(
                    when=when, module=True, is_whole=not request.components, folder=module.rpartition("/")[0]
                ),
            )

    def _modules_of_pkgconfig(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        prefix, modules, required = arguments_of.pkgconfig(texts)
        self._packages.add(prefix)
        if modules:
            yield self._tool("pkg-config", place, f"{place.command.name}({prefix})", required=required)
        alternatives = place.command.name == "pkg_search_module"
        for number, (name, version) in enumerate(modules):
            said = Required.YES if required and not (alternatives and number) else Required.UNKNOWN
            signal = self._signal(NameKind.PKGCONFIG, name, Kind.QUERIED, place, said)
            yield Asked(signal._replace(version=version), prefix)

    def _library(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        for number, name in enumerate(arguments_of.names(texts)):
            plain = arguments_of.linked_name(name)
            if plain is None:
                continue
            said = Required.YES if "REQUIRED" in texts and not number else Required.UNKNOWN
            signal = self._signal(NameKind.LINK, plain, Kind.LINKED, place, said)
            if number:
                # Another spelling of the same library.
                signal = signal._replace(confidence=min(signal.confidence, Confidence.MEDIUM, key=_ORDER.index))
            yield Asked(signal, texts[0].removesuffix("_LIBRARY"))

    def _header(self, texts: tuple[str, ...], place: Place) -> Iterator[Asked]:
        probe = place.command.name.startswith("check_")
        for name in texts[:1] if probe else arguments_of.names(texts):
            if name.endswith((".h", ".hpp", ".hh", ".hxx")) and "$" not in name:
                signal = self._signal(NameKind.HEADER, name, Kind.PROBED, place, Required.UNKNOWN)
                # What is looked for to set a macro is not asked for.
                yield Asked(signal._replace(confidence=Confidence.LOW) if probe else signal, texts[0])

    def _check(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        name = arguments_of.linked_name(texts[0]) if texts else None
        if name is not None:
            signal = self._signal(NameKind.LINK, name, Kind.PROBED, place, Required.OPTIONAL)
            yield signal._replace(confidence=Confidence.LOW)

    def _program(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        for name in arguments_of.names(texts)[:1]:
            if arguments_of.PROGRAM.fullmatch(name):
                yield from self._runs(name, place, required="REQUIRED" in texts)

    def _custom(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        for name in arguments_of.programs(texts):
            if name not in self.targets:
                yield from self._runs(name, place, required=True)

    def _swig(self, _: tuple[str, ...], place: Place) -> Iterator[Finding]:
        yield self._tool("swig", place, place.command.name, required=True)

    def _runs(self, name: str, place: Place, *, required: bool) -> Iterator[Finding | Asked]:
        said = Required.YES if required else Required.UNKNOWN
        if name.endswith(("-config", "_config")):
            yield self._signal(NameKind.CONFIG_TOOL, name, Kind.QUERIED, place, said)
        yield self._tool(name, place, f"{place.command.name}(... {name})", required=required)

    def _link(self, _: tuple[str, ...], place: Place) -> Iterator[Finding]:
        given = place.command.arguments[0 if place.command.name == "link_libraries" else 1 :]
        for argument, text in ((each, text) for each in given for text in self.values.of(each)):
            item = arguments_of.link_item(text)
            if item is None or text in self.targets:
                continue
            sense, name = item
            signal = self._signal(sense, name, Kind.LINKED, place, Required.YES)
            if arguments_of.IS_MADE_UP.fullmatch(argument.text):
                # ${name}_extension is what the project calls its own.
                signal = signal._replace(confidence=Confidence.LOW)
            elif sense is NameKind.CMAKE:
                # The package of an imported target is named where it is looked for; else its namespace says something.
                signal = signal._replace(confidence=min(signal.confidence, Confidence.MEDIUM, key=_ORDER.index))
            if signal.required is Required.YES or not place.below:
                self._linked.append(Asked(signal, name))
        yield from ()

    # ------------------------------------------------------------ copies

    def _fetched(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding]:
        fetched = arguments_of.fetched(texts)
        if fetched is None:
            return
        self.targets.add(fetched.target)
        self._fetches |= {name.lower().removeprefix("lib") for name in (fetched.target, fetched.name)}
        folder = self.folder_of(fetched.folder, place) if fetched.folder else None
        yield VendoredCopy(
            fetched.name,
            folder or f"_deps/{fetched.target.lower()}-src",
            place.where,
            f"{place.command.name}({fetched.target} {fetched.address})"[:160],
            fetched.version,
            compiled=place.when.holds,
            switch=place.when.switch,
        )

    # ------------------------------------------------------------ helpers

    def _tool(self, name: str, place: Place, detail: str, *, required: bool) -> ToolUse:
        need = place.when.needs(Required.YES if required else Required.UNKNOWN)
        condition, sure = place.when.condition, self._standing
        return ToolUse(name, place.where, detail, required=need, condition=condition, confidence=sure)

    def _signal(self, sense: NameKind, name: str, kind: Kind, place: Place, required: Required) -> Signal:
        sure = self._standing
        if place.when.is_aside or (place.when.holds is False and self.values.is_given()):
            # Who tells CMake what to turn on leaves the rest off.
            sure = Confidence.LOW
        elif (place.module or place.when.holds is False) and sure is Confidence.HIGH:
            sure = Confidence.MEDIUM
        detail = f"{place.command.name}({' '.join(argument.text for argument in place.command.arguments[:6])})"
        return Signal(
            sense,
            name,
            kind,
            place.where,
            " ".join(detail.split())[:120],
            confidence=sure,
            required=place.when.needs(required),
            condition=place.when.condition,
        )


_ORDER: Final = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)

_READ: Final[dict[str, Callable[[Project, tuple[str, ...], Place], Iterator[Finding | Asked]]]] = {
    "project": Project._project,  # noqa: SLF001
    "enable_language": Project._enable,  # noqa: SLF001
    **dict.fromkeys(("find_package", "find_dependency"), Project._package),  # noqa: SLF001
    **dict.fromkeys(("pkg_check_modules", "pkg_search_module"), Project._modules_of_pkgconfig),  # noqa: SLF001
    "find_library": Project._library,  # noqa: SLF001
    **dict.fromkeys(("find_path", "find_file", "check_include_file", "check_include_file_cxx"), Project._header),  # noqa: SLF001
    "check_library_exists": Project._check,  # noqa: SLF001
    **dict.fromkeys(("swig_add_library", "swig_add_module"), Project._swig),  # noqa: SLF001
    "find_program": Project._program,  # noqa: SLF001
    **dict.fromkeys(("add_custom_command", "add_custom_target", "execute_process"), Project._custom),  # noqa: SLF001
    **dict.fromkeys(("target_link_libraries", "link_libraries"), Project._link),  # noqa: SLF001
    **dict.fromkeys(("fetchcontent_declare", "externalproject_add", "cpmaddpackage"), Project._fetched),  # noqa: SLF001
}
