# What an embedder gets: the umbrella target patt::patt, and after `cmake --install` find_package(patt).
include(CMakePackageConfigHelpers)

# patt::patt is every room that a program needs. patt::testing is for an embedder's tests and is linked by name.
add_library(patt_patt INTERFACE)
add_library(patt::patt ALIAS patt_patt)
set_target_properties(patt_patt PROPERTIES EXPORT_NAME patt)
foreach(room core store engine blizzard addon mail http discord)
  if(TARGET patt_${room})
    target_link_libraries(patt_patt INTERFACE patt_${room})
  endif()
endforeach()

if(PATT_INSTALL)
  set(destination ${CMAKE_INSTALL_LIBDIR}/cmake/patt)
  install(TARGETS patt_patt EXPORT patt-targets)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/patt DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          FILES_MATCHING PATTERN *.hpp PATTERN *.h)
  install(EXPORT patt-targets NAMESPACE patt:: DESTINATION ${destination})
  configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/patt-config.cmake.in
                                ${PROJECT_BINARY_DIR}/patt-config.cmake INSTALL_DESTINATION ${destination})
  # Before 1.0 a minor version may change the API.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/patt-config-version.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/patt-config.cmake ${PROJECT_BINARY_DIR}/patt-config-version.cmake
          DESTINATION ${destination})
endif()

# The program and the sample guild that `patt init --sample` looks for; called when the programs are declared.
function(patt_install_programs)
  if(PATT_INSTALL AND TARGET patt_cli)
    install(TARGETS patt_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/sample DESTINATION ${CMAKE_INSTALL_DATADIR}/patt)
  endif()
endfunction()
